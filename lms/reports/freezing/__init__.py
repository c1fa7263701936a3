"""A report that is kept as it was published."""
