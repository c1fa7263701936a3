"""These tests are asked for by name, as `make test-faults` does: they kill, wait and repeat for minutes."""

import os

from tests.lms.mail.conftest import filing, mail_url, post, server

__all__ = ["filing", "mail_url", "post", "server"]

collect_ignore_glob = [] if os.environ.get("FAULTS") else ["test_*.py"]
