"""What people wrote, coded by theme, once nothing in it is held back."""
