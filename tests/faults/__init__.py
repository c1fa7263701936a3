"""What goes wrong in years, made to go wrong in minutes: `make test-faults`. Not part of the usual run."""
