"""What the office writes down about a charge before it is decided: sickness reported in time, and exemptions."""
