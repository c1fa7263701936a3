"""An agency lead's team: who is booked on what, and booking for several at once."""
