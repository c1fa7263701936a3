"""What somebody typed and could not send yet: it comes back when they do, and to nobody else."""
