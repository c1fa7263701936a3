"""Courses in their versions, and the catalogue that people look through."""
