"""Free text: held back when it may name somebody, and sent to the safeguarding lead when it tells of harm."""
