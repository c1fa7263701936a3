"""Signing in: an emailed code, a password if wanted, and a second factor for those who hold much."""
