"""The same event and attenders as for certificates."""

from tests.courses.certificates.conftest import attend, held  # noqa: F401  (fixtures)
