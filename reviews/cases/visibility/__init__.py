"""Which reviews somebody sees."""
