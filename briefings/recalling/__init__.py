"""Taking a briefing back, by hand or because an embargo was set."""
