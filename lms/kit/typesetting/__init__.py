"""How values become PDF files: templates that typst sets, fonts for every script, and which letters they lack."""
