"""Who was asked and who answered, as it was when a half-year was told: that does not move any more."""
