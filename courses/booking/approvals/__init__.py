"""The line manager's agreement, where a course asks for it before a place is given."""
