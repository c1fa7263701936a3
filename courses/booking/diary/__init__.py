"""Bookings in people's own calendars: invitations and feeds."""
