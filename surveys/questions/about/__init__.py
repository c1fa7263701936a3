"""What questions are about: the level they measure, and the learning points they test."""
