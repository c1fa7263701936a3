"""Who did not answer: where they stood before, beside those who did; and by which way answers came."""
