"""The shapes of a briefing: page, letter, PDF."""
