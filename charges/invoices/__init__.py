"""Invoices: approved charges by agency and month, numbered, frozen, credited."""
