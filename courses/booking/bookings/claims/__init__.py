"""Invented claims on places."""
