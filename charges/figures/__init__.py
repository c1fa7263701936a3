"""What charges add to reports."""
