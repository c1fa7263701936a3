"""Line managers are asked whether they agree."""
