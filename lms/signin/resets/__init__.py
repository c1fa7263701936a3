"""Somebody lost their telephone: the second factor is taken away, and they are told."""
