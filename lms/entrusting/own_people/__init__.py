"""An agency lead says who has started, who has left, and what work their own people do."""
