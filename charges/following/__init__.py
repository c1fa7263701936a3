"""Charges and invoices for the finance systems of the host authority and of agencies."""
