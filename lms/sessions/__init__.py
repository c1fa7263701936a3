"""Sessions of people who are signed in. They live here, on the server; a browser holds the key to one."""
