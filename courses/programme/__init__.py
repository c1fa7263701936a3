"""What can be booked: the catalogue, events and their venues, clashes, and what people ask for."""
