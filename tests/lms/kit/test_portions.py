"""Many values, some at a time."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lms.frame.settings import ROOT
from lms.kit.portions import portions


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_every_value_comes_once_in_order_and_no_portion_is_empty_or_too_large(values: list[int], most: int) -> None:
    some = [list(each) for each in portions(values, most)]
    assert [value for each in some for value in each] == values
    assert all(1 <= len(each) <= most for each in some)


def test_no_code_parts_values_by_hand_or_ends_a_day_by_itself() -> None:
    rooms = ("lms", "courses", "charges", "reviews", "surveys", "briefings")
    files = {path: path.read_text(encoding="utf-8") for room in rooms for path in (ROOT / room).rglob("*.py")}
    assert [path.name for path, text in files.items() if "time(23, 59, 59)" in text] == ["working_days.py"]
    parts = re.compile(r"for start in range\(0, len\(|:= (?:tuple|list)\(islice\(")
    by_hand = [path for path, text in files.items() if parts.search(text) and path.name != "documents.py"]
    assert [path.name for path in by_hand] == ["portions.py"]
