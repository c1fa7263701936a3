"""Compliance: of the people a course is for, how many are up to date, by agency and by course."""
