"""What charges would have been under other terms."""
