"""Shares of people, with their intervals."""
