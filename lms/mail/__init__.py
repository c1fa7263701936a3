"""Mail: letters are rows in an outbox first, and mail afterwards."""
