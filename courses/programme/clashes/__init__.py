"""Rooms and trainers that are taken at overlapping times."""
