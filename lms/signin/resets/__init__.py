"""Somebody lost their telephone: the office takes the second factor away, and it is told."""
