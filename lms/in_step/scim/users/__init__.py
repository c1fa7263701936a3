"""People as an identity provider sees them: users."""
