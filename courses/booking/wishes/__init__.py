"""Asking for a place on one page, signed in or not; what is asked for before a code proves who it is."""
