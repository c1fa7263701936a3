"""Certificates of attendance: issued, verified, superseded; and when a course is to be refreshed."""
