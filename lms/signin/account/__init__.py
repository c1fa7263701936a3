"""My account: what is known about me, my password and my second factor."""
