"""The training record: everything a person attended, with its credit, its certificate and when to refresh it."""
