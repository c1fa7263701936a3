"""The page of a charge, and the list of them."""
