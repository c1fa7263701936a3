"""Walk-ins: somebody came who is not on the register."""
