"""Rooms and trainers that are taken at the same time."""
