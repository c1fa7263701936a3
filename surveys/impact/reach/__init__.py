"""Who was asked and who answered."""
