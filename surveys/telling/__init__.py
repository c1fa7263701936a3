"""Telling: which numbers may be told, so that nobody finds a small one by comparing two dates, filters or periods."""
