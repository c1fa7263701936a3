"""Who left because another system said so, and what became of what they had open: listed until the office looked."""
