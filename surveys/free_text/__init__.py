"""Free text: held back when it may name somebody, sent to the safeguarding lead when it tells of harm, and coded."""
