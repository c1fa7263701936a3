"""Paper: a survey to print, with a code, and typing it back."""
