"""Giving a claim up, taking a place back, and undoing either for an hour."""
