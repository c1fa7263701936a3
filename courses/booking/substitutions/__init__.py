"""Substitutions: a colleague of the same agency takes the place."""
