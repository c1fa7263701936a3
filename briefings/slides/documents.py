"""Slides to show or print for a team meeting, 16:9 in large type, and a poster that leads to the briefing."""

from pathlib import Path

from briefings.writing.shapes.drawing.documents import SHARED, Surround, values_of
from briefings.writing.shapes.rules import Source
from lms.kit.typesetting.setting import typeset

SLIDES = (SHARED, Path(__file__).parent / "slides.typ")
POSTER = (SHARED, Path(__file__).parent / "poster.typ")


def slides(source: Source, sheet: Surround) -> bytes:
    """The title, a slide for each part (long ones go on), and where to say that it was discussed."""
    return typeset(SLIDES, source.title, sheet.owner, values_of(source, sheet), about=source.about)


def poster(source: Source, sheet: Surround) -> bytes:
    """One A4 page for a wall: what it is about, and a code that a phone can read."""
    return typeset(POSTER, f"Poster: {source.title}", sheet.owner, values_of(source, sheet))
