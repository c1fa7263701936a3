"""Sending a briefing: to whom, when, once each, and what became of it."""
