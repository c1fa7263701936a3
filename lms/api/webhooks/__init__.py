"""Webhooks: facts told to another system, signed, tried again, and visible."""
