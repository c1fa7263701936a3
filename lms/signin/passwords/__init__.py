"""Signing in with a password, for those who gave themselves one."""
