"""Invitations: who is asked what, when, and why somebody was not."""
