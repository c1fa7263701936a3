"""Which small numbers are told."""
