"""Paper: the sign-in sheet, and typing it back."""
