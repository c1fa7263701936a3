"""Answers: sealed until a group is large enough, then kept apart from who was asked."""
