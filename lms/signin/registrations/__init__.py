"""People who register themselves: at once when their address says where they work, else when a coordinator agrees."""
