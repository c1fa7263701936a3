"""What the PDFs of briefings share."""
