"""Tables that go out by themselves each night: into a folder, or to an SFTP address."""
