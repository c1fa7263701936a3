"""Where a person is named in what others wrote: found, shown, and taken out where it is unmistakable."""
