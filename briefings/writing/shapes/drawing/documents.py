"""What the PDFs of briefings share: paragraphs from Markdown, QR codes, the mark, a text that flows."""

from collections.abc import Iterable
from typing import Any

import segno
from reportlab.lib.colors import HexColor, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph

from briefings.text.rules import Block, blocks_of, markup_of
from briefings.writing.shapes.rules import Section
from lms.kit.documents import BOLD, BRAND, FONT, GOLD, INK, words

LINES_WITH_HEADING = 24.0
"""How much of a part has to stand under its heading before a column ends, in points."""
GOLD_BRIGHT, PALE = HexColor("#f0b72f"), HexColor("#cfe3e0")


def style(size: float, **more: Any) -> ParagraphStyle:
    """Body text of a size in points."""
    given = {"fontName": FONT, "fontSize": size, "leading": size * 1.22, "textColor": INK, "spaceAfter": size * 0.35}
    return ParagraphStyle("briefing", **{**given, **more})


def heading(text: str, size: float, **more: Any) -> Paragraph:
    """A heading in plain words."""
    return words(text, style(size, **{"fontName": BOLD, "textColor": BRAND, "leading": size * 1.15, **more}))


def body_of(section: Section, size: float, base_url: str) -> list[Flowable]:
    """The paragraphs and questions of a part."""
    asked: list[Flowable] = [_item(words_markup(each), size, 1, "•") for each in section.questions]
    return [*(_paragraph(block, size, base_url) for block in blocks_of(section.body)), *asked]


def _paragraph(block: Block, size: float, base_url: str) -> Flowable:
    markup = markup_of(block, base_url=base_url)
    if block.is_item:
        return _item(markup, size, block.level, "•" if block.number is None else f"{block.number}.")
    return Paragraph(markup, style(size, leftIndent=size if block.is_quote else 0))


def _item(markup: str, size: float, level: int, sign: str) -> Flowable:
    indent = size * (1.1 if sign == "•" else 1.6)
    return Paragraph(
        markup,
        style(
            size, leftIndent=indent * level, bulletIndent=indent * (level - 1), bulletFontName=FONT, bulletFontSize=size
        ),
        bulletText=sign,
    )


def words_markup(text: str) -> str:
    """Plain words for a paragraph: nothing in them is markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def height_of(flowables: Iterable[Flowable], width: float) -> float:
    """How high they stand on each other, in points."""
    total = 0.0
    for each in flowables:
        _, height = each.wrap(width, 10_000)
        total += height + each.getSpaceAfter()
    return total


def stack(canvas: Any, flowables: Iterable[Flowable], x: float, top: float, width: float) -> float:
    """Draw them from the top down. Answers where the next would begin."""
    for each in flowables:
        _, height = each.wrap(width, 10_000)
        each.drawOn(canvas, x, top - height)
        top -= height + each.getSpaceAfter()
    return top


def flows(canvas: Any, story: list[Flowable], frames: Iterable[tuple[float, float, float, float]]) -> list[Flowable]:
    """Fill frames (x, y, width, height) one after the other; without a canvas only to see. Answers what found no room.

    A heading (`keepWithNext`) stays with the lines that follow it; a long paragraph is split.
    """
    left = list(story)
    for x, bottom, width, height in frames:
        top = bottom + height
        while left and (taken := _taken(left, width, top - bottom)) is not None:
            first, left = taken
            _, high = first.wrap(width, 10_000)
            if canvas is not None:
                first.drawOn(canvas, x, top - high)
            top -= high + first.getSpaceAfter()
    return left


def _taken(left: list[Flowable], width: float, room: float) -> tuple[Flowable, list[Flowable]] | None:
    """What stands next in this room, and what is left after it; None when nothing more fits."""
    first, *others = left
    _, needed = first.wrap(width, 10_000)
    is_heading = first.getKeepWithNext()
    if is_heading and others:
        needed += first.getSpaceAfter() + min(others[0].wrap(width, 10_000)[1], LINES_WITH_HEADING)
    if needed <= room:
        return first, others
    pieces = [] if is_heading else first.split(width, room)
    return (pieces[0], [*pieces[1:], *others]) if len(pieces) > 1 else None


def qr(canvas: Any, address: str, x: float, y: float, side: float) -> None:
    """The address as a QR code with its quiet zone, `side` points wide in all, its lower left corner at x, y."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    module = side / (len(rows) + 8)
    canvas.setFillColor(white)
    canvas.rect(x, y, side, side, stroke=0, fill=1)
    canvas.setFillColor(BRAND)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                left, bottom = x + (across + 4) * module, y + side - (down + 5) * module
                canvas.rect(left, bottom, module * 1.02, module * 1.02, stroke=0, fill=1)


def knot(canvas: Any, number: int, x: float, y: float, radius: float) -> None:
    """A part's number in its ring on the thread; x, y is its middle."""
    canvas.setStrokeColor(GOLD)
    canvas.setFillColor(white)
    canvas.setLineWidth(radius * 0.22)
    canvas.circle(x, y, radius, stroke=1, fill=1)
    canvas.setFillColor(BRAND)
    canvas.setFont(BOLD, radius * 1.15)
    canvas.drawCentredString(x, y - radius * 0.41, str(number))


def mark(canvas: Any, x: float, y: float, height: float) -> None:
    """The rowan leaf with its thread; x, y is its lower left corner."""
    scale = height / 40
    canvas.saveState()
    canvas.translate(x, y + height)
    canvas.scale(scale, -scale)
    canvas.setFillColor(PALE)
    for cx, cy, rx, ry, turn in _LEAVES:
        canvas.saveState()
        canvas.translate(cx, cy)
        canvas.rotate(turn)
        canvas.ellipse(-rx, -ry, rx, ry, stroke=0, fill=1)
        canvas.restoreState()
    canvas.setStrokeColor(GOLD_BRIGHT)
    canvas.setLineWidth(2.2)
    canvas.setLineCap(1)
    canvas.bezier(17, 8, 17, 20, 17.6, 30, 15, 39.5)
    canvas.restoreState()


_LEAVES = (
    (17, 6.5, 3.1, 6.2, 0),
    (9.6, 13, 6.8, 2.9, 34),
    (24.4, 13, 6.8, 2.9, -34),
    (9, 21, 7, 3, 30),
    (25, 21, 7, 3, -30),
    (9.6, 29, 6.4, 2.8, 26),
    (24.4, 29, 6.4, 2.8, -26),
)
