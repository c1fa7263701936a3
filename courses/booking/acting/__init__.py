"""Acting on one's own booking by the links of a letter, without a code."""
