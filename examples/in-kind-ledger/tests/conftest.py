"""What tests are given: see `lms.testing.fixtures`."""

import pytest

pytest_plugins = ["lms.testing.fixtures"]


@pytest.fixture(scope="session")
def plugins_tried() -> tuple[str, ...]:
    """The plugins in the site of these tests."""
    return ("in_kind",)
