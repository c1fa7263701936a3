"""What nobody may see yet: who decides it, what it hides, and what may be shared all the same."""
