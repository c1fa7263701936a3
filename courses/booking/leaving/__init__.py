"""Coming bookings of somebody who leaves, and what they were to agree to as a line manager."""
