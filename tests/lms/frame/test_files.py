"""Files as answers: their kind, their name, and whether a browser keeps or shows them."""

import pytest

from lms.frame.files import TYPES, file_to_keep, file_to_show
from lms.frame.settings import ROOT


@pytest.mark.parametrize("kind", TYPES)
def test_the_end_of_the_name_says_what_it_is(kind: str) -> None:
    kept, shown = file_to_keep("x", f"plan.{kind}"), file_to_show(b"x", f"plan.{kind}")
    assert kept.content_type == shown.content_type == TYPES[kind]
    assert kept.headers["Content-Disposition"] == f'attachment; filename="plan.{kind}"'
    assert shown.headers["Content-Disposition"] == f'inline; filename="plan.{kind}"'
    assert kept.data == shown.data == b"x"


def test_only_one_place_says_how_a_file_is_answered() -> None:
    rooms = ("lms", "courses", "charges", "reviews", "surveys", "briefings")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert [path.name for path in files if "Content-Disposition" in path.read_text(encoding="utf-8")] == ["files.py"]
