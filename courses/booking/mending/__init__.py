"""Mending claims, offers and deadlines that are not as they must be, for `lms check --repair`."""
