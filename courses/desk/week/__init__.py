"""This week: what runs and what waits for the coordinator."""
