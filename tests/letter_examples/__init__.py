"""An example of every letter: `<plugin>.py` has EXAMPLES, from kind (or `kind:variation`) to context."""
