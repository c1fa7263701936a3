"""Giving, offering and freeing places."""
