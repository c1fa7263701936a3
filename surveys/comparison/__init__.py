"""The comparison with the waiting list: asking, with consent, those who wait for a place what those who came are asked.

They are asked at two stages of their own (`surveys.stages`); what they say is kept, matched and let out by the same
rules as that of those who came (`surveys.pairs`). `surveys.impact.compared` tells it.
"""
