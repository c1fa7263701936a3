"""Sectors and role groups: two lists that the office names and orders."""
