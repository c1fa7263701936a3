"""The charts of the report on impact."""
