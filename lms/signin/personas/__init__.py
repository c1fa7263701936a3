"""The people as whom one can sign in to a demonstration."""
