"""The list of charges, with its filters and sums."""
