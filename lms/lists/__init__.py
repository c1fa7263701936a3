"""Mailing lists: what people choose to get, and how they leave by one click."""
