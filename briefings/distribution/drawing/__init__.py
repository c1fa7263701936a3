"""Whom an audience means, counted before anything goes."""
