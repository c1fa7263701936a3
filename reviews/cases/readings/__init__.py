"""Readings of what is under embargo."""
