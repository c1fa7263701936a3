"""What a briefing must be before it goes out, by kind. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.kit.errors import Conflict, Invalid

WORDS_A_MINUTE = 200
LONGEST_TITLE = 120
PART_BEGINS = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t#]*$")


class BriefingKind(StrEnum):
    """What is written."""

    SEVEN_MINUTE = "seven_minute"
    LEARNING_NOTE = "learning_note"
    ONE_PAGE = "one_page"
    NEWSLETTER_ITEM = "newsletter_item"


class VersionState(StrEnum):
    """The life of a version. Written by services only; the database ties each state to the facts behind it."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class ApprovedAs(StrEnum):
    """In whose name a version was approved."""

    SUB_GROUP = "sub_group"
    BUSINESS_MANAGER = "business_manager"


OPEN_STATES = (VersionState.DRAFT, VersionState.CHECKED, VersionState.APPROVED)
"""A version on its way. A briefing has at most one."""


@dataclass(frozen=True)
class Shape:
    """What a kind is: how many parts it has, how long it may be, what its parts are called to begin with."""

    name: str
    titles: tuple[str, ...]
    is_every_part_needed: bool
    most_words: int
    least_questions: int


SHAPES = {
    BriefingKind.SEVEN_MINUTE: Shape(
        "7-minute briefing",
        (
            "Background",
            "Why it matters",
            "What happened",
            "What we learned",
            "What to do differently",
            "Questions for your team",
            "Where to find more",
        ),
        True,
        7 * WORDS_A_MINUTE,
        3,
    ),
    BriefingKind.LEARNING_NOTE: Shape(
        "Learning note", ("What we saw", "Why it matters", "What to do", "Where to find more"), False, 700, 0
    ),
    BriefingKind.ONE_PAGE: Shape(
        "One-page briefing note",
        ("In brief", "What changes", "Who it is for", "What to do", "Where to find more"),
        False,
        600,
        0,
    ),
    BriefingKind.NEWSLETTER_ITEM: Shape("Newsletter item", ("In brief",), True, 200, 0),
}
QUESTIONS_PART = 6
"""The part of a 7-minute briefing under which its questions stand."""

STATE_WORDS = {
    VersionState.DRAFT: "Draft",
    VersionState.CHECKED: "Facts checked",
    VersionState.APPROVED: "Approved",
    VersionState.PUBLISHED: "Published",
    VersionState.SUPERSEDED: "Superseded",
    VersionState.WITHDRAWN: "Withdrawn",
}
CHECKLIST = {
    "names": "No name of a child, a family member or a professional, and no initials",
    "dates": "No exact age, date of birth, date of the incident or day of the week that points to a family",
    "places": "No school, street, ward or small place, and no employer of a family member",
    "mosaic": "Nothing that, with the news or what neighbours know, shows who it is about",
    "facts": "The facts agree with the review or the audit, and each figure says what it counts",
    "agreed": "People who run proceedings agreed to what is shared, and the family knows what it needs to know",
}
"""What the second person looks for, in the order in which it is asked."""


@dataclass(frozen=True)
class Part:
    """One headed part, its body in Markdown."""

    title: str
    body: str


def check_parts(kind: BriefingKind, parts: Sequence[Part]) -> None:
    """A 7-minute briefing has exactly seven parts, the others at most as many as their kind. For a draft already."""
    shape = SHAPES[kind]
    most = len(shape.titles)
    if len(parts) > most:
        only = "exactly seven parts" if kind is BriefingKind.SEVEN_MINUTE else f"at most {most} parts"
        raise Invalid(
            f"A {shape.name} has {only}, and this has {len(parts)}. Join the parts that belong together.", field="parts"
        )
    if kind is BriefingKind.SEVEN_MINUTE and len(parts) < most:
        raise Invalid(f"A {shape.name} has exactly seven parts, and this has {len(parts)}.", field="parts")
    for number, part in enumerate(parts, start=1):
        if not part.title.strip():
            raise Invalid(f"Enter a title for part {number}.", field=f"parts-{number - 1}-title")
        if len(part.title) > LONGEST_TITLE:
            raise Invalid(
                f"Shorten the title of part {number} to {LONGEST_TITLE} characters.", field=f"parts-{number - 1}-title"
            )


def check_complete(
    kind: BriefingKind, *, parts: Sequence[Part], questions: Sequence[str], words: int, fits_one_page: bool
) -> None:
    """What must be there before anybody is asked to check it: words in each part, questions, the length, one page."""
    shape = SHAPES[kind]
    check_parts(kind, parts)
    for number, part in enumerate(parts, start=1):
        is_questions = kind is BriefingKind.SEVEN_MINUTE and number == QUESTIONS_PART
        if shape.is_every_part_needed and not part.body.strip() and not is_questions:
            raise Invalid(f"Part {number}, “{part.title}”, has no words yet.", field=f"parts-{number - 1}-body")
    if not any(part.body.strip() for part in parts):
        raise Invalid("Nothing is written yet.", field="parts-0-body")
    if len(questions) < shape.least_questions:
        raise Invalid(
            f"Enter at least {shape.least_questions} questions for the team, one on each line. "
            f"There {'is' if len(questions) == 1 else 'are'} {len(questions)}.",
            field="questions",
        )
    check_length(kind, words)
    if not fits_one_page:
        raise Invalid("This does not fit one page. Shorten it, or make long lists into sentences.", field="parts")


def check_length(kind: BriefingKind, words: int) -> None:
    """Seven minutes at 200 words a minute are 1,400 words; other kinds have their own measure."""
    shape = SHAPES[kind]
    if words > shape.most_words:
        over = words - shape.most_words
        raise Invalid(
            f"A {shape.name} has at most {shape.most_words:,} words, and this has {words:,}. "
            f"Shorten it by {over:,} word{'' if over == 1 else 's'}.",
            field="parts",
        )


def reading_minutes(words: int) -> int:
    """How long reading takes at 200 words a minute, in whole minutes rounded up; of no words none."""
    return -(-words // WORDS_A_MINUTE)


def check_second_person(person_id: int | None, writer_ids: Collection[int], *, does: str) -> None:
    """Whoever wrote any of it neither checks nor approves it. `does`: "check", "approve"."""
    if person_id is None or person_id in writer_ids:
        raise Conflict(f"You wrote some of this version, so someone else has to {does} it.")


def check_checklist(ticked: Collection[str]) -> None:
    """Every line has been looked at."""
    missing = [name for name in CHECKLIST if name not in ticked]
    if missing:
        raise Invalid(
            "Tick each line once you have looked for it. "
            + ("One is" if len(missing) == 1 else f"{len(missing)} are")
            + " not ticked. If one is not true, send the briefing back.",
            field="checklist",
        )


def parts_of(text: str) -> list[Part]:
    """A text cut into parts at its headings (`## What happened`); words before the first are a part "Background".

    For a text that was written elsewhere and is pasted.
    """
    cut: list[tuple[str, list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        heading = PART_BEGINS.match(line)
        if heading:
            cut.append((heading.group(1).strip(), []))
        elif cut:
            cut[-1][1].append(line)
        elif line.strip():
            cut.append(("Background", [line]))
    return [Part(title, "\n".join(lines).strip()) for title, lines in cut]


def questions_of(text: str) -> list[str]:
    """The questions that were typed, one on a line; signs of a list before them are left out."""
    lines = (re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line]
