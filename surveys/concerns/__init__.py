"""Words that suggest a child may be at risk, and who reads them."""
