"""My learning: a person's own bookings and record."""
