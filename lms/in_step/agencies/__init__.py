"""Agencies for other systems: by the rules of the file of agencies, row by row."""
