"""What SCIM speaks of, as far as it is kept here."""
