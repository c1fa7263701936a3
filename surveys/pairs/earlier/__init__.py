"""Answers that were matched by pseudonyms, before there were pair sheets."""
