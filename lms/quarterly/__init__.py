"""The quarter on one page: for the sub-group, and for each agency about its own people."""
