"""Answering an offer of a place, by a link or signed in."""
