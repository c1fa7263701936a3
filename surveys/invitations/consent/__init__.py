"""Who agreed to be compared while they wait."""
