"""The filters above lists of reviews and themes."""
