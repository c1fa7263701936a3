"""Agencies and kinds of work as an identity provider sees them: groups."""
