"""Taking a person out of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.personal_data.rules import ERASED_NAME, ERASED_WORDS, Identity, as_in_json, without_words

AMARA = Identity(
    names=frozenset({"Amara Fenwick-Osei", "Amara Fenwick", "Cher"}),
    addresses=frozenset({"amara@rvch.example"}),
    refs=frozenset({"RV00412", "P1", "77"}),
    phones=frozenset({"07700 900 418"}),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Amara Fenwick-Osei", ERASED_NAME),
        ("amara fenwick", ERASED_NAME),
        ("Cher", ERASED_NAME),
        ("Cheryl came with Cher", "Cheryl came with Cher"),
        ("AMARA@rvch.example", ""),
        ("P1", ERASED_WORDS),
        ("77", "77"),
        ("P1 is the first page", "P1 is the first page"),
        ("Rang Amara  Fenwick-Osei on 07700 900 418.", f"Rang {ERASED_WORDS} on {ERASED_WORDS}."),
        ("RV00412, RV004125", f"{ERASED_WORDS}, RV004125"),
        ("Mail amara@rvch.example; not tamara@rvch.example", f"Mail {ERASED_WORDS}; not tamara@rvch.example"),
        ("", ""),
    ],
)
def test_a_person_is_taken_out_of_words_and_nobody_else(before: str, after: str) -> None:
    assert AMARA.erased_from(before) == after


def test_values_inside_json_are_looked_through() -> None:
    before = {"who": "Amara Fenwick", "places": [24, "RV00412"], "is_late": True, "deep": {"of": ["by Amara Fenwick"]}}
    after = {"who": ERASED_NAME, "places": [24, ERASED_WORDS], "is_late": True, "deep": {"of": [f"by {ERASED_WORDS}"]}}
    assert AMARA.erased_from_json(before) == after
    assert without_words({"before": {"name": "x"}, "places": 3, "is_late": True, "reason": "ill"}) == {
        "places": 3,
        "is_late": True,
    }


def test_what_belongs_to_somebody_else_too_is_left_alone() -> None:
    alone = AMARA.without({"AMARA FENWICK", "amara@rvch.example"})
    assert alone.erased_from("Amara Fenwick <amara@rvch.example>") == "Amara Fenwick <amara@rvch.example>"
    assert alone.erased_from("Amara Fenwick-Osei") == ERASED_NAME
    assert Identity().erased_from("Nobody is meant") == "Nobody is meant"


def test_accents_are_found_as_json_writes_them() -> None:
    assert as_in_json("Zoë") == "Zo\\u00eb"


@given(st.text(), st.text())
def test_nothing_of_an_address_is_left_in_any_text(before: str, after: str) -> None:
    address = "x@y.example"
    found = Identity(addresses=frozenset({address})).erased_from(f"{before} {address} {after}")
    assert f" {address} " not in f" {found} "
