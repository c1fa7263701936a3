"""Results by Kirkpatrick level: what each question measures, who says so, and what came of it."""
