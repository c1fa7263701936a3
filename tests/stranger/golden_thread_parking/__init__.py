"""Parking: a plugin that knows the host and courses only through the contract."""
