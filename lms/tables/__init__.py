"""CSV in and out: files read and written as people and spreadsheets make them, with a dry run first."""
