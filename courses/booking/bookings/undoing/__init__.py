"""The ways back: a place given up, taken back, moved or given to a colleague by mistake."""
