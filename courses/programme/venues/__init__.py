"""Rooms and buildings where events take place."""
