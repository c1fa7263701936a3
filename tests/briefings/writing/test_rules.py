"""What a briefing must be, by kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.writing.rules import (
    CHECKLIST,
    SHAPES,
    BriefingKind,
    Part,
    check_checklist,
    check_complete,
    check_length,
    check_parts,
    check_second_person,
    parts_of,
    questions_of,
    reading_minutes,
)
from lms.kit.errors import Conflict, Invalid

SEVEN = BriefingKind.SEVEN_MINUTE
PARTS = [Part(title, "Some words.") for title in SHAPES[SEVEN].titles]
QUESTIONS = ["One?", "Two?", "Three?"]


def complete(**other: object) -> None:
    given_ = {"parts": PARTS, "questions": QUESTIONS, "words": 1400, "fits_one_page": True}
    check_complete(SEVEN, **{**given_, **other})  # type: ignore[arg-type]


def test_seven_parts_three_questions_and_1400_words_are_a_briefing() -> None:
    complete()


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"parts": [*PARTS, Part("More", "x")]}, "exactly seven parts, and this has 8"),
        ({"parts": PARTS[:6]}, "exactly seven parts, and this has 6"),
        ({"parts": [Part("Background", "  "), *PARTS[1:]]}, "Part 1, “Background”, has no words yet"),
        ({"parts": [Part(" ", "x"), *PARTS[1:]]}, "Enter a title for part 1"),
        ({"questions": QUESTIONS[:2]}, "at least 3 questions"),
        ({"words": 1401}, "at most 1,400 words, and this has 1,401. Shorten it by 1 word."),
        ({"fits_one_page": False}, "does not fit one page"),
    ],
)
def test_what_is_missing_or_too_much_is_refused_in_words(other: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words.replace("(", r"\(")):
        complete(**other)


def test_the_questions_part_needs_no_words_beside_its_questions() -> None:
    complete(parts=[*PARTS[:5], Part("Questions for your team", ""), PARTS[6]])


def test_other_kinds_are_shorter_and_have_fewer_parts() -> None:
    with pytest.raises(Invalid, match="at most 4 parts"):
        check_parts(BriefingKind.LEARNING_NOTE, PARTS[:5])
    with pytest.raises(Invalid, match="at most 200 words"):
        check_length(BriefingKind.NEWSLETTER_ITEM, 201)


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (200, 1), (201, 2), (1400, 7), (1401, 8)])
def test_reading_time_is_at_200_words_a_minute(words: int, minutes: int) -> None:
    assert reading_minutes(words) == minutes


def test_whoever_wrote_some_of_it_does_not_check_it() -> None:
    check_second_person(3, {1, 2}, does="check")
    for person_id in (1, None):
        with pytest.raises(Conflict, match="someone else has to check it"):
            check_second_person(person_id, {1, 2}, does="check")


def test_the_checklist_is_ticked_line_by_line() -> None:
    check_checklist(CHECKLIST)
    with pytest.raises(Invalid, match="One is not ticked"):
        check_checklist(list(CHECKLIST)[1:])


def test_a_pasted_text_is_cut_at_its_headings() -> None:
    found = parts_of("Before it all.\n\n## What happened ##\nOne.\n\nTwo.\n# What we learned\n* a\n#not a heading")
    assert found == [
        Part("Background", "Before it all."),
        Part("What happened", "One.\n\nTwo."),
        Part("What we learned", "* a\n#not a heading"),
    ]


@given(st.lists(st.text(alphabet="abc ?", min_size=1, max_size=8).filter(str.strip), max_size=9))
def test_questions_come_one_on_a_line_whatever_signs_stand_before_them(asked: list[str]) -> None:
    typed = "\n\n".join(f"{sign} {each}" for sign, each in zip("*-•*-•*-•", asked, strict=False))
    assert questions_of(typed) == [each.strip() for each in asked]
