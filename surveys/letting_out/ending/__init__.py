"""What ends with time: links that say whose answers were whose, and drafts."""
