"""The second person who checks the facts, the approval, and letting a version out."""
