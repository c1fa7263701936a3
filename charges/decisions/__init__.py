"""What people say and decide about a charge."""
