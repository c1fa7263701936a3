"""How far a date is from where somebody lives or works: by towns and postcode districts, asked of nobody else."""
