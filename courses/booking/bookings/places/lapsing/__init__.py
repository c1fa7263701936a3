"""Offers that nobody answers, or that nobody can have read."""
