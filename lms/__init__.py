"""The host: what every plugin can rely on."""
