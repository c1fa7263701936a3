"""The files of a briefing: one page is one page, and each says what the page says."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from briefings.demonstration import WORDS
from briefings.slides.documents import poster, slides
from briefings.writing.details.rules import details_of
from briefings.writing.rules import SHAPES, BriefingKind, Part, check_complete
from briefings.writing.shapes.documents import fit_of, one_page
from briefings.writing.shapes.drawing.documents import Surround
from briefings.writing.shapes.letters import letter_from
from briefings.writing.shapes.rules import Source

SHEET = Surround(
    "Rowan Valley Safeguarding Children Partnership", "https://training.example/b/12", "https://training.example"
)
SEVEN = BriefingKind.SEVEN_MINUTE


def source(words_a_part: int = 0, **other: object) -> Source:
    """The briefing on mental health from the demonstration, with more words in each part if wanted."""
    row = WORDS["briefings"][1]
    more = "\n\n" + "Ask again and write it down. " * (words_a_part // 6)
    parts = tuple(Part(title, body + more) for title, body in zip(SHAPES[SEVEN].titles, row["bodies"], strict=True))
    values = {"kind": SEVEN, "number": 12, "title": row["title"], "summary": row["summary"], "parts": parts,
              "questions": tuple(row["questions"]), "about": "Version 1, Thursday 25 July 2019."}  # fmt: skip
    return Source(**{**values, **other})  # type: ignore[arg-type]


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


@pytest.mark.parametrize(("more", "is_around"), [(0, True), (140, False)])
def test_one_page_is_one_page_with_every_part_on_it(more: int, is_around: bool) -> None:
    made = source(more)
    assert made.words <= SHAPES[SEVEN].most_words
    fit = fit_of(made)
    assert (fit.fits, fit.is_around) == (True, is_around)
    data = one_page(made, SHEET)
    (said,) = pages(data)
    for title in SHAPES[SEVEN].titles:
        assert title in said
    assert "What do you do when a child is not brought?" in said
    assert "training.example" in said
    assert one_page(made, SHEET) == data, "the same words make the same file"


def test_what_does_not_fit_is_said_and_still_makes_one_page() -> None:
    too_long = source(400)
    assert not fit_of(too_long).fits
    assert len(pages(one_page(too_long, SHEET))) == 1
    assert "Does not fit" in fit_of(too_long).words


def test_every_published_audit_of_the_demonstration_is_complete_and_fits_around_its_title() -> None:
    audits = [row for row in WORDS["briefings"] if "on" in row]
    assert len(audits) == 4
    for row in audits:
        parts = tuple(Part(*each) for each in zip(SHAPES[SEVEN].titles, row["bodies"], strict=True))
        made = source(title=row["title"], summary=row["summary"], parts=parts, questions=tuple(row["questions"]))
        fit = fit_of(made)
        check_complete(SEVEN, parts=parts, questions=made.questions, words=made.words, fits_one_page=fit.fits)
        assert fit.is_around, row["title"]


def test_slides_have_one_for_each_part_and_go_on_where_they_must() -> None:
    short, long = pages(slides(source(), SHEET)), pages(slides(source(150), SHEET))
    assert len(short) == 9
    assert "continued" not in " ".join(short)
    assert len(long) > 9
    assert "Background (continued)" in " ".join(long)
    assert "training.example/b/12" in short[-1]


def test_a_poster_says_what_it_is_about_and_where() -> None:
    (said,) = pages(poster(source(), SHEET))
    assert "behind the behaviour" in said
    assert "training.example/b/12" in said


def test_a_letter_says_the_same_in_html_and_in_text() -> None:
    letter = letter_from(source(), "https://training.example/")
    assert (letter["url"], letter["minutes"], len(letter["sections"])) == (
        "https://training.example/briefings/12",
        2,
        7,
    )
    first = letter["sections"][3]
    assert first["text"].startswith("* Files quoted adults")
    assert first["html"].startswith("<ul><li>Files quoted adults")
    assert letter["sections"][5]["questions"] == list(source().questions)


def test_a_part_without_words_is_left_out_of_other_kinds_and_questions_stand_last() -> None:
    note = source(kind=BriefingKind.LEARNING_NOTE, parts=(Part("What we saw", "One."), Part("Why", "")))
    assert [(each.number, each.title) for each in note.sections] == [(1, "What we saw"), (2, "Questions for your team")]


def test_likely_names_ages_and_dates_are_pointed_out_with_their_place() -> None:
    parts = (Part("What happened", "Kayleigh was seven weeks old on 3 May 2019. Rowan Valley police came."),)
    found = details_of(source(title="A baby", summary="", questions=(), parts=parts), ["Rowan Valley Safeguarding"])
    assert [(each.words, each.kind_words, each.where) for each in found] == [
        ("Kayleigh", "a likely name", "Part 1, What happened"),
        ("seven weeks old", "an age", "Part 1, What happened"),
        ("3 May 2019", "a date", "Part 1, What happened"),
    ]
