"""The measures of the programme: how much was done, and how well."""
