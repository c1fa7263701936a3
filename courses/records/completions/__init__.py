"""E-learning completions: what people learned without an event, as the e-learning platform tells it."""
