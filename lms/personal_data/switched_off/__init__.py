"""What plugins that are switched off keep of people."""
