"""Events of a chosen set."""
