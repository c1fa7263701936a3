"""What in a version may tell who somebody was: likely names, ages, dates, each with the place where it stands. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from briefings.text.rules import plain
from briefings.writing.shapes.rules import Source
from lms.kit.errors import Invalid
from lms.kit.identifying import KIND_WORDS, Finding, IdentifierKind, find

POINTED_OUT = frozenset(
    {
        IdentifierKind.NAME,
        IdentifierKind.AGE,
        IdentifierKind.DATE,
        IdentifierKind.BIRTH,
        IdentifierKind.NHS_NUMBER,
        IdentifierKind.POSTCODE,
    }
)
NEVER = frozenset({IdentifierKind.BIRTH, IdentifierKind.NHS_NUMBER})
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


@dataclass(frozen=True)
class Detail:
    """Some words that somebody should look at. `where`: "Part 3, What happened"; `kind_words`: "a likely name"."""

    where: str
    kind: IdentifierKind
    words: str

    @property
    def kind_words(self) -> str:
        return KIND_WORDS[self.kind]


def details_of(source: Source, known: Collection[str] = ()) -> tuple[Detail, ...]:
    """Everything to look at, in reading order, each once in its place.

    `known` are names that point at nobody: the partnership, its front door, agencies, courses.
    """
    harmless = {word.casefold() for name in known for word in _WORD.findall(name)}
    found = (
        Detail(where, each.kind, each.words)
        for where, text in _texts(source)
        for each in find(text)
        if each.kind in POINTED_OUT and not _is_known(each, harmless)
    )
    return tuple(dict.fromkeys(found))


def check_never(source: Source) -> None:
    """A date of birth or an NHS number is in no briefing, whatever the reason."""
    for detail in details_of(source):
        if detail.kind in NEVER:
            raise Invalid(
                f"{detail.where} holds {detail.kind_words}: “{detail.words}”. Leave it out. No briefing needs it.",
                field="parts",
            )


def _texts(source: Source) -> Iterator[tuple[str, str]]:
    yield "The title", source.title
    yield "The summary", source.summary
    for number, part in enumerate(source.parts, start=1):
        yield f"Part {number}, {part.title}", plain(part.body)
    yield "The questions", "\n".join(source.questions)


def _is_known(finding: Finding, harmless: Collection[str]) -> bool:
    return finding.kind is IdentifierKind.NAME and all(
        word.casefold().removesuffix("’s").removesuffix("'s") in harmless for word in _WORD.findall(finding.words)
    )
