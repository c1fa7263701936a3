"""What is kept of a person: a copy of it all, and taking away what tells who they were."""
