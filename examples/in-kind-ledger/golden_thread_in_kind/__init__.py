"""In kind, for Golden Thread."""
