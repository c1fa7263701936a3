"""Who was there: registers, check-in, paper, reports of meetings, walk-ins, finalising and what is added later."""
