"""Slides to show or print for a team meeting, 16:9 in large type, and a poster that leads to the briefing."""

from io import BytesIO
from typing import Any

from reportlab.lib.colors import white
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from briefings.writing.rules import SHAPES
from briefings.writing.shapes.documents import Surround
from briefings.writing.shapes.drawing.documents import PALE, body_of, flows, heading, knot, mark, qr, stack, style
from briefings.writing.shapes.rules import Section, Source
from lms.kit.documents import BRAND, FONT, GOLD, SOFT, words

SLIDE = (254 * mm, 143 * mm)
EDGE, TYPE = 14 * mm, 19.0
BODY = (EDGE, 17 * mm, SLIDE[0] - 2 * EDGE, SLIDE[1] - 52 * mm)


def slides(source: Source, sheet: Surround) -> bytes:
    """The title, a slide for each part (long ones go on), and where to say that it was discussed."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=SLIDE, lang="en-GB", invariant=True)
    canvas.setTitle(source.title)
    canvas.setAuthor(sheet.owner)
    _cover(canvas, source, sheet)
    for section in source.sections:
        _section(canvas, section, source, sheet)
    _last(canvas, sheet)
    canvas.save()
    return file.getvalue()


def _cover(canvas: Any, source: Source, sheet: Surround) -> None:
    canvas.setFillColor(BRAND)
    canvas.rect(0, 0, *SLIDE, stroke=0, fill=1)
    mark(canvas, SLIDE[0] - EDGE - 20 * mm, SLIDE[1] - EDGE - 24 * mm, 24 * mm)
    width = SLIDE[0] - 2 * EDGE - 30 * mm
    stack(
        canvas,
        [
            words(SHAPES[source.kind].name, style(18, textColor=PALE, spaceAfter=12)),
            heading(source.title, 38 if len(source.title) < 60 else 28, textColor=white, spaceAfter=16),
            words(source.summary, style(20, textColor=white)),
        ],
        EDGE,
        SLIDE[1] - EDGE - 10 * mm,
        width,
    )
    stack(canvas, [words(f"{sheet.owner}. {source.about}", style(13, textColor=PALE))], EDGE, 22 * mm, width)
    canvas.showPage()


def _section(canvas: Any, section: Section, source: Source, sheet: Surround) -> None:
    left: list[Flowable] = body_of(section, TYPE, sheet.base_url)
    begins = True
    while begins or left:
        top = SLIDE[1] - EDGE
        knot(canvas, section.number, EDGE + 7 * mm, top - 7 * mm, 7 * mm)
        title = section.title if begins else f"{section.title} (continued)"
        stack(canvas, [heading(title, 26)], EDGE + 19 * mm, top - 2 * mm, SLIDE[0] - 2 * EDGE - 19 * mm)
        before = len(left)
        left = flows(canvas, left, [BODY])
        _foot(canvas, source, sheet)
        canvas.showPage()
        if len(left) == before and not begins:
            break  # what does not split and is higher than a slide would go on for ever
        begins = False


def _last(canvas: Any, sheet: Surround) -> None:
    side = 70 * mm
    qr(canvas, sheet.address, SLIDE[0] - EDGE - side, (SLIDE[1] - side) / 2, side)
    parts = [
        heading("Did your team discuss it? Tell us", 30, spaceAfter=14),
        words("Scan the code, or go to", style(20, spaceAfter=4)),
        heading(sheet.said, 20, splitLongWords=1, spaceAfter=14),
        words("Say when, how many of you there were, and what you will change.", style(20)),
    ]
    stack(canvas, parts, EDGE, SLIDE[1] - 34 * mm, SLIDE[0] - 3 * EDGE - side)
    canvas.showPage()


def _foot(canvas: Any, source: Source, sheet: Surround) -> None:
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(2)
    canvas.line(EDGE, 12 * mm, SLIDE[0] - EDGE, 12 * mm)
    canvas.setFillColor(SOFT)
    canvas.setFont(FONT, 10)
    room = 95
    title = source.title if len(source.title) <= room else f"{source.title[: room - 1].rstrip()}…"
    canvas.drawString(EDGE, 7 * mm, title)
    canvas.drawRightString(SLIDE[0] - EDGE, 7 * mm, sheet.said)


def poster(source: Source, sheet: Surround) -> bytes:
    """One A4 page for a wall: what it is about, and a code that a phone can read."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, lang="en-GB", invariant=True)
    canvas.setTitle(f"Poster: {source.title}")
    canvas.setAuthor(sheet.owner)
    width, height = A4
    canvas.setFillColor(BRAND)
    canvas.rect(0, height - 120 * mm, width, 120 * mm, stroke=0, fill=1)
    mark(canvas, width - 38 * mm, height - 38 * mm, 24 * mm)
    head = [
        words(SHAPES[source.kind].name, style(16, textColor=PALE, spaceAfter=10)),
        heading(
            source.title, 34 if len(source.title) < 50 else 26, textColor=white, spaceAfter=12, rightIndent=22 * mm
        ),
        words(source.summary, style(15, textColor=white)),
    ]
    stack(canvas, head, 18 * mm, height - 18 * mm, width - 36 * mm)
    side = 105 * mm
    qr(canvas, sheet.address, (width - side) / 2, 52 * mm, side)
    middle = {"alignment": TA_CENTER}
    foot = [
        words("Scan it, read it, talk about it at your next team meeting. Or go to", style(13, **middle)),
        heading(sheet.said, 15, splitLongWords=1, spaceAfter=8, **middle),
        words(sheet.owner, style(11, textColor=SOFT, **middle)),
    ]
    stack(canvas, foot, 18 * mm, 48 * mm, width - 36 * mm)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
