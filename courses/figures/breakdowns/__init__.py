"""Figures broken down each way."""
