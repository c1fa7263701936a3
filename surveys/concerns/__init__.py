"""Words that may tell of a child at risk, and who reads them."""
