"""What people may do with courses, events and bookings."""

from lms.access import Role
from lms.plugins import Permission

OFFICE = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER})

BOOKING_PERMISSIONS = (Permission("courses.manage_bookings", "book, cancel and move people up for others", OFFICE),)

PERMISSIONS = (*BOOKING_PERMISSIONS,)
