"""Invitations by which whoever is entrusted with much sets up their first second factor."""
