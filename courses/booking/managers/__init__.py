"""Line managers without an account: the bookings that name them, by the links of their letters."""
