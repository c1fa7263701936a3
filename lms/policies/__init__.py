"""The partnership's policy, in versions."""
