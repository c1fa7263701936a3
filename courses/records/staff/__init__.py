"""An agency lead's own people by the courses that they need."""
