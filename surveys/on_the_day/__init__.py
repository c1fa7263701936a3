"""What people said on the day (Kirkpatrick's level 1), by course and half-year, for the chair."""
