"""Tokens: by which another system says who it is, and what it may do here."""
