"""Which rows of the tables for readers stand alone, and which are told together."""
