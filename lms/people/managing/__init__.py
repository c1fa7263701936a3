"""Line managers, as the records of their people name them: by name and address, mostly without a record."""
