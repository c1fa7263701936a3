"""The pages of learning points."""
