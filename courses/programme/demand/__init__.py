"""Demand: people who ask for dates that do not exist yet."""
