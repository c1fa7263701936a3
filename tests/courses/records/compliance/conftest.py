"""The same event and attenders as for certificates."""

from tests.courses.records.certificates.conftest import attend, held  # noqa: F401  (fixtures)
