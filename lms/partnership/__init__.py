"""The partnership that owns this installation: one name, one brand, one set of addresses."""
