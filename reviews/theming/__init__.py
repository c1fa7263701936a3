"""Themes as pages count, rename and merge them."""
