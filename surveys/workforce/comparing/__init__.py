"""A round beside the one before."""
