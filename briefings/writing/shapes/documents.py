"""The one-page PDF: seven parts around the title as partnerships know it, or two columns for what does not fit so.

`fit_of(source)` says whether and how it fits without making a file; `one_page(source, ...)` makes it by the same steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from reportlab.lib.colors import white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from briefings.writing.rules import SHAPES, BriefingKind
from briefings.writing.shapes.drawing.documents import (
    PALE,
    body_of,
    flows,
    heading,
    height_of,
    knot,
    mark,
    qr,
    stack,
    style,
)
from briefings.writing.shapes.rules import Section, Source
from lms.kit.documents import BRAND, FONT, GOLD, INK, SOFT, words

SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Type sizes in points, from the one we like best down to the smallest that can be read on paper."""
SMALL = 8.0
EDGE, GAP, PAD = 8 * mm, 3.5 * mm, 3 * mm
WIDE, TALL = landscape(A4), A4
CELLS = {1: (0, 0), 2: (0, 1), 3: (0, 2), 4: (1, 2), 5: (2, 2), 6: (2, 1), 7: (2, 0)}
"""Row and column of each part; the title stands in the middle, the return at its left."""
COLUMN = (WIDE[0] - 2 * EDGE - 2 * GAP) / 3
INNER = COLUMN - 2 * PAD
HEAD, COLUMN_GAP = 34 * mm, 6 * mm
NARROW = (TALL[0] - 2 * EDGE - COLUMN_GAP) / 2
LEAST_MIDDLE = 46 * mm


@dataclass(frozen=True)
class Fit:
    """Whether a source fits one page: in which type size, None when in none. `is_around`: in seven boxes."""

    size: float | None
    is_around: bool = False

    @property
    def fits(self) -> bool:
        return self.size is not None

    @property
    def words(self) -> str:
        """For the writer."""
        if self.size is None:
            return "Does not fit one page. Shorten it."
        size = f"{self.size:g} point type"
        if self.size < SMALL:
            return f"Fits one page, but only in small type ({size}). Shorter reads better."
        return f"Fits one page in {size}."


@dataclass(frozen=True)
class Surround:
    """What stands around the words: whose it is and where it can be found."""

    owner: str
    address: str
    base_url: str

    @property
    def said(self) -> str:
        """The address as people type it."""
        return self.address.split("://", 1)[-1]


@lru_cache(maxsize=128)
def fit_of(source: Source) -> Fit:
    """The largest type in which it fits: around the title if it is a 7-minute briefing, else in two columns.

    Kept by the words themselves, so that a page read often is laid out once.
    """
    sections = source.sections
    if source.kind is BriefingKind.SEVEN_MINUTE and len(sections) == len(CELLS):
        around = next((size for size in SIZES if size >= SMALL and _rows(source, sections, size)), None)
        if around is not None:
            return Fit(around, is_around=True)
    columns = next((size for size in SIZES if not _columns(None, sections, size, "")), None)
    return Fit(columns)


@lru_cache(maxsize=32)
def one_page(source: Source, sheet: Surround) -> bytes:
    """The file: always one page. What does not fit at all is set in the smallest type and ends where the page does."""
    fit = fit_of(source)
    file = BytesIO()
    canvas = Canvas(file, pagesize=WIDE if fit.is_around else TALL, lang="en-GB", invariant=True)
    canvas.setTitle(source.title)
    canvas.setAuthor(sheet.owner)
    canvas.setSubject(f"{SHAPES[source.kind].name}. {source.about}")
    if fit.is_around and fit.size is not None:
        _draw_around(canvas, source, sheet, fit.size)
    else:
        _draw_columns(canvas, source, sheet, fit.size or SIZES[-1])
    canvas.showPage()
    canvas.save()
    return file.getvalue()


# Seven boxes around the title


def _box(section: Section, size: float, base_url: str = "") -> list[Flowable]:
    return [
        heading(section.title, size * 1.25, leftIndent=size * 2.1, spaceAfter=size * 0.6),
        *body_of(section, size, base_url),
    ]


def _rows(source: Source, sections: Sequence[Section], size: float) -> list[float] | None:
    """The heights of the three rows in this type, or None when they do not fit. What is left over goes to all three."""
    heights = [0.0, max(LEAST_MIDDLE, height_of(_title(source, ""), INNER) + 2 * PAD), 0.0]
    for section in sections:
        row = CELLS[section.number][0]
        heights[row] = max(heights[row], height_of(_box(section, size), INNER) + 2 * PAD)
    left = WIDE[1] - 2 * EDGE - 2 * GAP - sum(heights)
    return None if left < 0 else [each + left / 3 for each in heights]


def _title(source: Source, owner: str) -> list[Flowable]:
    size = 21 if len(source.title) < 40 else 17
    pale = {"textColor": PALE, "spaceAfter": 5}
    return [
        words(SHAPES[source.kind].name, style(10, **pale)),
        heading(source.title, size, textColor=white, spaceAfter=6, rightIndent=12 * mm),
        words(source.summary, style(9.5, **{**pale, "textColor": white})),
        words(owner or "x", style(8.5, **{**pale, "spaceAfter": 2})),
        words(source.about, style(8.5, **pale)),
    ]


def _draw_around(canvas: Any, source: Source, sheet: Surround, size: float) -> None:
    rows = _rows(source, source.sections, size) or [0.0, 0.0, 0.0]
    tops = [WIDE[1] - EDGE - sum(rows[:each]) - GAP * each for each in range(3)]
    lefts = [EDGE + (COLUMN + GAP) * each for each in range(3)]
    _thread(canvas, tops, lefts)
    for section in source.sections:
        row, column = CELLS[section.number]
        _frame(canvas, lefts[column], tops[row], rows[row])
        top = tops[row] - PAD
        stack(canvas, _box(section, size, sheet.base_url), lefts[column] + PAD, top, INNER)
        knot(canvas, section.number, lefts[column] + PAD + size * 0.85, top - size * 0.75, size * 0.85)
    canvas.setFillColor(BRAND)
    canvas.roundRect(lefts[1], tops[1] - rows[1], COLUMN, rows[1], 6, stroke=0, fill=1)
    title = _title(source, sheet.owner)
    spare = max(rows[1] - 2 * PAD - height_of(title, INNER), 0)
    stack(canvas, title, lefts[1] + PAD, tops[1] - PAD - spare / 2, INNER)
    mark(canvas, lefts[1] + COLUMN - PAD - 9 * mm, tops[1] - PAD - 11 * mm, 11 * mm)
    _return(canvas, sheet, lefts[0], tops[1], rows[1])


def _frame(canvas: Any, left: float, top: float, height: float) -> None:
    canvas.setStrokeColor(GOLD)
    canvas.setFillColor(white)
    canvas.setLineWidth(1.4)
    canvas.roundRect(left, top - height, COLUMN, height, 6, stroke=1, fill=1)


def _thread(canvas: Any, tops: Sequence[float], lefts: Sequence[float]) -> None:
    """The thread from box to box, drawn first, so that the boxes lie on it."""
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(3)
    across, down = 9 * mm, 7 * mm
    canvas.line(lefts[0], tops[0] - across, lefts[2], tops[0] - across)
    canvas.line(lefts[2] + down, tops[0], lefts[2] + down, tops[2])
    canvas.line(lefts[2], tops[2] - across, lefts[0], tops[2] - across)


def _return(canvas: Any, sheet: Surround, left: float, top: float, height: float) -> None:
    """Where a team writes down that it discussed it."""
    canvas.saveState()
    canvas.setDash(4, 3)
    canvas.setStrokeColor(SOFT)
    canvas.setLineWidth(1.2)
    canvas.roundRect(left, top - height, COLUMN, height, 6, stroke=1, fill=0)
    canvas.restoreState()
    side = min(26 * mm, height - 18 * mm)
    qr(canvas, sheet.address, left + COLUMN - side - 1 * mm, top - side - 1 * mm, side)
    x, y = left + PAD, top - PAD
    room = COLUMN - side - 2 * PAD
    y = stack(canvas, [heading("Discussed it? Tell us", 12, spaceAfter=4)], x, y, room)
    host, _, rest = sheet.said.partition("/")
    said = [words("Scan, or go to", style(9, spaceAfter=1)), heading(f"{host}\n/{rest}", 9, splitLongWords=1)]
    y = stack(canvas, said, x, y, room)
    y = min(y, top - side) - 4 * mm
    step = max(min((y - top + height - 3 * mm) / 3, 8.5 * mm), 5 * mm)
    _line(canvas, "Team", x, y, INNER)
    _line(canvas, "Date", x, y - step, INNER * 0.55)
    _line(canvas, "How many", x + INNER * 0.58, y - step, INNER * 0.42)
    _line(canvas, "We will change", x, y - 2 * step, INNER)
    below = y - 3 * step
    while below > top - height + 3 * mm:
        _line(canvas, "", x, below, INNER)
        below -= step


def _line(canvas: Any, text: str, x: float, y: float, width: float) -> None:
    canvas.setFillColor(INK)
    canvas.setFont(FONT, 9)
    canvas.drawString(x, y, text)
    begin = x + (canvas.stringWidth(text, FONT, 9) + 4 if text else 0)
    canvas.setStrokeColor(SOFT)
    canvas.setLineWidth(0.6)
    canvas.line(begin, y - 1.5, x + width, y - 1.5)


# Two columns


def _story(sections: Sequence[Section], size: float, base_url: str) -> list[Flowable]:
    story: list[Flowable] = []
    for section in sections:
        title = section.title if len(sections) == 1 else f"{section.number}. {section.title}"
        body = body_of(section, size, base_url)
        body[-1:] = [_with_room_after(each, size) for each in body[-1:]]
        story += [heading(title, size * 1.25, spaceAfter=size * 0.4, keepWithNext=1), *body]
    return story


def _with_room_after(flowable: Flowable, size: float) -> Flowable:
    flowable.style.spaceAfter = size * 1.1
    return flowable


def _columns(canvas: Any, sections: Sequence[Section], size: float, base_url: str) -> list[Flowable]:
    """Set the parts in two columns under the head. Answers what found no room."""
    height = TALL[1] - 2 * EDGE - HEAD - 4 * mm
    frames = [(EDGE + (NARROW + COLUMN_GAP) * each, EDGE, NARROW, height) for each in range(2)]
    return flows(canvas, _story(sections, size, base_url), frames)


def _draw_columns(canvas: Any, source: Source, sheet: Surround, size: float) -> None:
    top, width = TALL[1] - EDGE, TALL[0] - 2 * EDGE
    canvas.setFillColor(BRAND)
    canvas.roundRect(EDGE, top - HEAD, width, HEAD, 6, stroke=0, fill=1)
    side = HEAD - 6 * mm
    qr(canvas, sheet.address, EDGE + width - side - 3 * mm, top - HEAD + 3 * mm, side)
    room = width - side - 4 * PAD
    line = f"{SHAPES[source.kind].name}. {sheet.owner}. {source.about}"
    head = [
        heading(source.title, 18 if len(source.title) < 60 else 14, textColor=white, spaceAfter=4),
        words(source.summary, style(9.5, textColor=white)),
        words(f"{line} {sheet.said}", style(8, textColor=PALE)),
    ]
    stack(canvas, head, EDGE + PAD, top - PAD, room)
    _columns(canvas, source.sections, size, sheet.base_url)
