"""Additions: somebody who is found to have been there after the register was finalised."""
