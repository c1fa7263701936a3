"""Which courses and dates have what somebody looks for, and in which order they come."""
