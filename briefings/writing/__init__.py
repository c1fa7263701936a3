"""Writing briefings: seven parts, a second person's check, an approval, versions."""
