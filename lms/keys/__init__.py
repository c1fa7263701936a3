"""Which secret keys this database has stood under, and what still needs one of before."""
