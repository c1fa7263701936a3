"""Courses as those who write them choose from: also drafts and retired ones."""
