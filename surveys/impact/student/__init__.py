"""Student: how sure a mean difference is."""
