"""Surveys: what people are asked before, on the day and three months on, and what changed."""
