"""What is a person's name and nothing else, and taking it out of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.erased import ERASED_NAME, ERASED_WORDS, without_words
from lms.personal_data.mentions.rules import Needles, as_in_json, excerpts_of, fold, reads_as_name
from lms.personal_data.rules import Identity, carries_name, spellings

AMARA = Identity(
    names=frozenset({"Amara Fenwick-Osei", "Amara Fenwick", "Zoë O’Neill", "Cher", "Voice of the child", "child"}),
    addresses=frozenset({"amara@rvch.example", "desk@rvch.example"}),
    refs=frozenset({"RV00412", "P1", "2026", "Level 2"}),
    phones=frozenset({"07700 900 418", "child", "at work", "2026", "0"}),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Amara Fenwick-Osei", ERASED_NAME),
        ("amara fenwick", ERASED_NAME),
        ("AMARA@rvch.example", ""),
        ("Ask zoe oneill now", f"Ask {ERASED_WORDS} now"),
        ("Rang Amara  Fenwick-Osei on 07700 900418.", f"Rang {ERASED_WORDS} on {ERASED_WORDS}."),
        ("+44 (0)7700 900 418, 077009004181", f"{ERASED_WORDS}, 077009004181"),
        ("RV00412, RV004125, RV00412-1", f"{ERASED_WORDS}, RV004125, RV00412-1"),
        ("Mail desk@rvch.example", f"Mail {ERASED_WORDS}"),
        ("Cher", ERASED_NAME),
        ("Cheryl came with Cher", "Cheryl came with Cher"),
        ("The voice of the child at work in 2026, P1, Level 2", "The voice of the child at work in 2026, P1, Level 2"),
        ("child", "child"),
        ("", ""),
    ],
)
def test_what_is_kept_about_a_person_loses_what_can_be_nothing_else(before: str, after: str) -> None:
    assert AMARA.own().erased_from(before) == after


def test_a_name_is_looked_for_without_what_stands_behind_it_too() -> None:
    assert spellings("Zoë O’Neill, DSL") == {"Zoë O’Neill, DSL", "Zoë O’Neill"}
    assert spellings("Amara Fenwick (Ashbeck)") == {"Amara Fenwick (Ashbeck)", "Amara Fenwick"}
    assert spellings("Cher") == {"Cher"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Rang Amara Fenwick-Osei on 07700 900 418", f"Rang {ERASED_WORDS} on 07700 900 418"),
        ("Amara Fenwick’s team, and ZOË O'NEILL", f"{ERASED_WORDS}’s team, and {ERASED_WORDS}"),
        ("Fenwick Amara and Amara Fen", "Fenwick Amara and Amara Fen"),
        ("ask amara fenwick now", "ask amara fenwick now"),
        ("At the Amara Fenwick Centre", "At the Amara Fenwick Centre"),
        ("Amara Fenwick-Brook rang, not Jo-Amara Fenwick", "Amara Fenwick-Brook rang, not Jo-Amara Fenwick"),
        ("amara@rvch.example or desk@rvch.example", f"{ERASED_WORDS} or desk@rvch.example"),
        ("RV00412 came", f"{ERASED_WORDS} came"),
        ("Cher", "Cher"),
        ("Amara\nFenwick", ERASED_NAME),
        ("With Amara\r\nFenwick", f"With {ERASED_WORDS}"),
    ],
)
def test_what_is_about_others_loses_a_whole_name_and_an_address_that_carries_it(before: str, after: str) -> None:
    assert AMARA.elsewhere().erased_from(before) == after


def test_a_longer_name_of_somebody_else_stays_whole() -> None:
    needles = AMARA.elsewhere(["Mary Amara Fenwick", "Amara Fenwick Osei-Brook"])
    assert needles.erased_from("Mary Amara Fenwick met Amara Fenwick") == f"Mary Amara Fenwick met {ERASED_WORDS}"
    assert needles.erased_from("Amara Fenwick Osei-Brook") == "Amara Fenwick Osei-Brook"


def test_a_name_that_is_a_phrase_here_is_left_alone() -> None:
    person = Identity(names=frozenset({"Safe Sleep", "Ann Lee"}), phrases=frozenset({"safe sleep"}))
    assert person.own().erased_from("Safe Sleep with Ann Lee") == f"Safe Sleep with {ERASED_WORDS}"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Siân Evans", True),
        ("Tobiah van der Meer", True),
        ("J. R. Smith", True),
        ("anne-marie o’neill", True),
        ("Rose May", True),
        ("Voice of the child", False),
        ("Voice Of The Child", False),
        ("Safer babies", False),
        ("Safer Babies", False),
        ("Working Together", False),
        ("In person", False),
        ("has been", False),
        ("Level 3", False),
        ("Cher", False),
        ("van der", False),
        ("", False),
    ],
)
def test_what_reads_as_a_whole_name(name: str, is_one: bool) -> None:
    assert reads_as_name(name) is is_one


def test_an_address_is_somebodys_own_by_the_words_in_it() -> None:
    names = ["Zoë Quillfeather", "Ann Lee"]
    for own in ("zoe@rvch.example", "z.quillfeather2@x.example", "zquillfeather@x.example", "ann.l@x.example"):
        assert carries_name(own, names), own
    for other in ("safeguarding@x.example", "planning@x.example", "zq@x.example", "zoe", "leedstraining@x.example"):
        assert not carries_name(other, names), other


def test_values_inside_json_are_looked_through() -> None:
    before = {"who": "Amara Fenwick", "places": [24, "RV00412"], "is_late": True, "deep": {"of": ["by Amara Fenwick"]}}
    after = {"who": ERASED_NAME, "places": [24, ERASED_WORDS], "is_late": True, "deep": {"of": [f"by {ERASED_WORDS}"]}}
    assert AMARA.own().erased_from_json(before) == after
    assert without_words({"before": {"name": "x"}, "places": 3, "is_late": True, "reason": "ill"}) == {
        "places": 3,
        "is_late": True,
    }


def test_what_belongs_to_somebody_else_too_is_left_alone() -> None:
    alone = AMARA.without({"AMARA FENWICK", "amara@rvch.example"}).own()
    assert alone.erased_from("Amara Fenwick <amara@rvch.example>") == "Amara Fenwick <amara@rvch.example>"
    assert alone.erased_from("Amara Fenwick-Osei") == ERASED_NAME
    assert Identity().own().erased_from("No one is meant") == "No one is meant"


def test_accents_are_found_as_json_writes_them() -> None:
    assert as_in_json("Zoë") == "Zo\\u00eb"


def test_somebody_sees_the_words_around_what_was_found() -> None:
    text = "word " * 30 + "Amara Fenwick " + "y" * 100
    ((before, cut, meant, after),) = excerpts_of([text, "nothing"], AMARA.elsewhere())
    assert (before.words, meant.words, meant.is_meant) == ("… ", "Amara Fenwick", True)
    assert cut.words == "word " * 11
    assert after.words.endswith(" …")


@given(st.text(), st.text())
def test_nothing_of_an_address_is_left_and_nothing_else_goes(before: str, after: str) -> None:
    address = "x@y.example"
    found = Needles(marks=frozenset({address})).erased_from(f"{before} {address} {after}")
    assert f" {address} " not in f" {found} "
    if address not in fold(f"{before}\n{after}")[0]:
        assert found.split(ERASED_WORDS)[0] == f"{before} " or not before.strip()


@given(st.text())
def test_a_text_in_which_nobody_is_named_stays_as_it_is(text: str) -> None:
    needles = Needles(frozenset({"Amara Fenwick"}), frozenset({"a@b.example"}), frozenset({"07700900418"}))
    assert needles.erased_from(text) == text
    assert [each for each in fold(text)[1] if not 0 <= each < len(text)] == []
