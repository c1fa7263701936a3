"""Invented delegates."""
