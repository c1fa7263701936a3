"""The frame that holds the plugins: application, contract, site, work, requests, database, settings."""
