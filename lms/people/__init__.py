"""Persons: one human being each, whatever their addresses and agencies."""
