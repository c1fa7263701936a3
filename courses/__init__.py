"""Plugin: the catalogue, events, bookings and waiting lists."""
