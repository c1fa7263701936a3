"""PDF documents as values: paragraphs, tables, charts and what is filled in by hand, in the house style.

document = Document("Action plan", partnership.name, as_at="As at Monday 16 March 2026")
document.add(words("All actions by date."), table(["Action", "Due"], rows, widths=[4, 1]))
data = document.data()
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from lms.kit.typesetting.glyphs import box_note, lacking_in
from lms.kit.typesetting.setting import typeset

TEMPLATES = (Path(__file__).parent / "typesetting" / "document.typ",)


class Style(StrEnum):
    """How a paragraph looks, and whether it is a heading to those who hear it."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    NOTE = "note"
    QUESTION = "question"
    CODE = "code"


HEAD = 2
"""So many paragraphs stand above all others: the title, and how things stood when."""
HEADING, BODY, NOTE = Style.HEADING, Style.BODY, Style.NOTE


@dataclass(frozen=True)
class DocumentPart:
    """A part of a document: what kind, and the values that its template takes."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """As the template takes it."""
        inner = {"blocks": [each.data for each in self.values["blocks"]]} if "blocks" in self.values else {}
        return {"kind": self.kind, **self.values, **inner}


class Document:
    """One PDF, tagged for those who hear it. `as_at` is printed under the title and at the foot of each page."""

    def __init__(self, title: str, owner: str, *, as_at: str, is_wide: bool = False) -> None:
        self.title, self.owner, self.as_at, self.is_wide = title, owner, as_at, is_wide
        self.blocks = [words(title, Style.TITLE), words(as_at, NOTE)]

    def add(self, *parts: DocumentPart) -> None:
        """Add paragraphs and tables, in their order."""
        self.blocks.extend(parts)

    def data(self) -> bytes:
        """The finished file: the same bytes for the same words."""
        note = box_note(lacking_in([self.owner, [each.data for each in self.blocks]]))
        blocks = [
            each.data for each in (*self.blocks[:HEAD], *([words(note, NOTE)] if note else []), *self.blocks[HEAD:])
        ]
        values = {"as_at": self.as_at, "is_wide": self.is_wide, "blocks": blocks}
        return typeset(TEMPLATES, self.title, self.owner, values)


def words(text: str, style: Style = BODY) -> DocumentPart:
    """A paragraph of plain words; whatever looks like markup is printed as it stands."""
    return DocumentPart("words", {"words": text, "style": style}) if text else gap(0)


def gap(millimetres: float = 4) -> DocumentPart:
    """Some room."""
    return DocumentPart("gap", {"height": millimetres})


def page_break() -> DocumentPart:
    """What follows begins on a page of its own."""
    return DocumentPart("page break")


def together(*parts: DocumentPart) -> DocumentPart:
    """Parts that stand on one page."""
    return DocumentPart("together", {"blocks": parts})


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    least_height: float = 0,
) -> DocumentPart:
    """A table whose head is repeated on each page. `widths` are shares of the page's width; `least_height` of a row is
    in millimetres, where somebody writes into it."""
    lines = [list(row) for row in rows]
    return DocumentPart("table", {"head": list(head), "rows": lines, "widths": list(widths), "least": least_height})


def tick_boxes(choices: Sequence[str]) -> DocumentPart:
    """A box to tick beside each choice."""
    return DocumentPart("boxes", {"choices": list(choices)})


def numbers_to_circle(top: int) -> DocumentPart:
    """1 to `top`, each in a box."""
    return DocumentPart("scale", {"top": top})


def room_to_write(millimetres: float) -> DocumentPart:
    """An empty frame."""
    return DocumentPart("room", {"height": millimetres})
