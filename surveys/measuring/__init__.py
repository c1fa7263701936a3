"""Impact, response, workforce surveys, evaluations and observations, as one part of the plugin."""
