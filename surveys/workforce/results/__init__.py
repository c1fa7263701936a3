"""What a round came to, as page, PDF and workbook."""
