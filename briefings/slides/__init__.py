"""A briefing for a room: slides to show or print, and a poster with its QR code."""
