"""Filters of SCIM as conditions of SQL."""
