"""Where people stood before: those who answered three months on beside those who did not."""
