"""What people's own words are about."""
