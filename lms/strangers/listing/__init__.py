"""Which plugins there are."""
