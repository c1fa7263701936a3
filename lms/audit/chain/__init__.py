"""The chain over the audit: each line sealed together with the one before, so that a changed line is found."""
