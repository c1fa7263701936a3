"""How many people said what: the distribution behind each mean."""
