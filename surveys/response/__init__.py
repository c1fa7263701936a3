"""Better response: who has not answered by agency, a word from managers, and what changed thanks to answers."""
