"""Somebody lost their telephone: the pages by which the office takes the second factor away, or invites anew."""
