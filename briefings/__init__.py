"""Briefings: learning on one page, sent to every agency, and the evidence that teams used it."""
