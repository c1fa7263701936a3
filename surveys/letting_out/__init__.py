"""Letting answers out."""
