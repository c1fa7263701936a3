"""Who is coming: an event's bookings as coordinators and trainers work with them."""
