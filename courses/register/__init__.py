"""The register: who was there on each day, and what follows from it."""
