"""What keeps two records apart when one is merged into the other."""
