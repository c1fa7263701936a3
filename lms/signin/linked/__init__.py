"""Accounts at work that are linked to people, and round trips to where they are."""
