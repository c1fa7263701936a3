"""Recommendations, and the actions that agencies owe for them."""
