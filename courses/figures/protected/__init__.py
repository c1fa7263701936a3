"""Figures for readers who do not see the rows."""
