"""The links by which somebody answers."""
