"""The controlled list of themes, and how many reviews carry each."""
