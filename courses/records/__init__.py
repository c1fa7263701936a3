"""What somebody can show: certificates, completions, training record, and who is up to date."""
