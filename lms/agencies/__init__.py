"""Sectors, role groups and agencies: where people work and what kind of worker they are."""
