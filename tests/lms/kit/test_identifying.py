"""What tells who somebody is, and what tells of harm, in somebody's own words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.identifying import IdentifierKind, blacked_out, find, is_nhs_number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I asked Jaden Smith about it", {(IdentifierKind.NAME, "Jaden Smith")}),
        (
            "jaden said so. His dob was 3/4/2019",
            {(IdentifierKind.NAME, "jaden"), (IdentifierKind.BIRTH, "dob was 3/4/2019")},
        ),
        ("I told my manager Zbyszek", {(IdentifierKind.NAME, "Zbyszek")}),
        ("A boy called zbyszek lives there", {(IdentifierKind.NAME, "zbyszek")}),
        ("Mrs Abernathy came", {(IdentifierKind.NAME, "Mrs Abernathy")}),
        ("born on 12 March 2021", {(IdentifierKind.BIRTH, "born on 12 March 2021")}),
        ("We met on 12 March 2021", {(IdentifierKind.DATE, "12 March 2021")}),
        ("a 3-year-old, aged four", {(IdentifierKind.AGE, "3-year-old"), (IdentifierKind.AGE, "aged four")}),
        ("NHS 943 476 5919", {(IdentifierKind.NHS_NUMBER, "943 476 5919")}),
        ("in RV1 4QT", {(IdentifierKind.POSTCODE, "RV1 4QT")}),
        ("I am worried about the family", {(IdentifierKind.DISCLOSURE, "I am worried about")}),
        (
            "She told me that he hits her",
            {(IdentifierKind.DISCLOSURE, "told me that he"), (IdentifierKind.DISCLOSURE, "hits her")},
        ),
    ],
)
def test_it_is_pointed_out(text: str, found: set[tuple[IdentifierKind, str]]) -> None:
    assert {(each.kind, each.words) for each in find(text)} == found


@pytest.mark.parametrize(
    "text",
    [
        "We changed our supervision form at MASH. The Children’s Trust agreed on Monday.",
        "I now ask who sleeps here, and I write down every name. Twice it was someone no one had on record.",
        "Think Family is used by Health Visitors. It will mark a change; I have hope.",
        "It is called the star. Phone 01632 960 118.",
        "The workers of the Graded Care Profile team use Signs of Safety.",
    ],
)
def test_the_words_of_the_field_are_nobodys_name(text: str) -> None:
    assert not [
        each
        for each in find(text)
        if each.kind in {IdentifierKind.NAME, IdentifierKind.NHS_NUMBER, IdentifierKind.DISCLOSURE}
    ]


def test_what_identifies_is_covered_and_the_rest_stays() -> None:
    assert blacked_out("I asked Jaden Smith, aged four.") == "I asked [removed], aged four."


def test_only_a_number_with_the_right_check_digit_is_an_nhs_number() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("1111111111")


@given(st.text(max_size=300))
def test_findings_stand_where_they_say_and_never_overlap(text: str) -> None:
    found = find(text)
    assert all(text[each.start : each.end] == each.words for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
