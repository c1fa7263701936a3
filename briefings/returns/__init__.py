"""Figures of what was sent, discussed and changed: by briefing, agency and sector."""
