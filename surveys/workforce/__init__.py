"""Workforce surveys and training needs analyses: open for a period, answered by a link of the agency."""
