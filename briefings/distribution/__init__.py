"""Sending a briefing: to who, when, once each, and what became of it."""
