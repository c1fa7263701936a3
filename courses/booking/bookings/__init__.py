"""Bookings, the waiting list and the letters about them."""
