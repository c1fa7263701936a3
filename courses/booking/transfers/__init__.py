"""Moving a booking to another date of the same course, in one step."""
