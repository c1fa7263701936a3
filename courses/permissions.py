"""What people may do with courses, events and bookings."""
