"""What people want to learn and do not find: topics they ask for, and words that they searched for in vain."""
