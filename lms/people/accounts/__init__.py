"""Accounts: a way to sign in, which a person may have."""
