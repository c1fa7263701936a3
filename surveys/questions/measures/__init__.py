"""How a question measures: what it asks of a practice, steps in words, right answers and cases."""
