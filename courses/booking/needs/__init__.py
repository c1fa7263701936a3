"""What somebody needs at every event, kept on their record by their own tick alone."""
