"""What a telephone number looks like."""

import pytest

from lms.kit.errors import Invalid
from lms.kit.telephones import clean_telephone, is_telephone, numbers_in, telephone_or_nothing


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("07700 900 418", ["07700900418"]),
        ("+44 (0)7700 900418", ["447700900418"]),
        ("(01632) 960-001 ext. 12", ["01632960001"]),
        ("01632 960001 x 12", ["01632960001"]),
        ("07700 900123 / 01632 960 001", ["07700900123", "01632960001"]),
        ("101", []),
        ("ext. 4021", []),
        ("2026", []),
    ],
)
def test_numbers_as_people_write_them(typed: str, digits: list[str]) -> None:
    assert is_telephone(typed)
    assert clean_telephone(f"  {typed} ") == typed
    assert numbers_in(typed) == digits


@pytest.mark.parametrize(
    "typed",
    ["child", "at work", "0", "12", "16 June", "09:30", "1,5", "n/a", "-", "٠١٢٣٤٥٦٧", "1" * 31, "077 ask Bo", "\0"],
)
def test_words_are_no_telephone(typed: str) -> None:
    assert not is_telephone(typed)
    assert numbers_in(typed) == []
    assert telephone_or_nothing(typed) == ""
    with pytest.raises(Invalid, match="telephone number in digits"):
        clean_telephone(typed)


def test_no_telephone_is_allowed() -> None:
    assert clean_telephone("  ") == ""
