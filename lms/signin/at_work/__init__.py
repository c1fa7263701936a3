"""The pages by which somebody goes to their provider and comes back, and links an account at work."""
