"""An agency lead asks their people to book the courses that they need."""
