"""Sending what is due: invitations and reminders in portions, and letters that came back."""
