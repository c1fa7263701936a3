"""Entries in the calendars of those who hold a place."""
