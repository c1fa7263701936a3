"""The charts of lms.kit.charts drawn into PDF documents, in the house style: shapes counted from the lower left corner.

document.add(*drawn(chart))
"""

from collections.abc import Sequence
from typing import Any

from lms.kit.charts import Bars, Chart, Dot, Dots, Funnel, Lines, Stacked
from lms.kit.documents import DocumentPart

INK, SOFT, BRAND, LINE, WHITE = "#13242b", "#4a585e", "#0a3541", "#d9d4c8", "#ffffff"
TRACK, MID, FALL, EDGE = "#e6e1d6", "#4f8390", "#b3261e", "#857f72"
TONES = ("#0a3541", "#3a6c79", "#8fb3bb", "#d3e1e4", "#ffffff")
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 4), (2, 3), (9, 3, 2, 3), ())
ROW = 22.0
NAMES, AFTER = 0.34, 0.2
"""Shares of the width for the names before the bars and for the words after them."""
PORTRAIT, LANDSCAPE = 498.0, 745.0
"""How wide a picture is on a page, in points."""

Shape = dict[str, Any]


def drawn(chart: Chart, *, is_wide: bool = False) -> list[DocumentPart]:
    """The chart's title, key and picture, kept on one page; those who hear it are told its figures.

    Its table is for `lms.kit.documents.table`.
    """
    width = LANDSCAPE if is_wide else PORTRAIT
    key: list[Shape] = []
    if isinstance(chart, Stacked):
        key, (height, shapes) = _key(chart.series), _stacked(chart, width)
    elif isinstance(chart, Lines):
        key, (height, shapes) = _line_key(chart), _lines(chart, width)
    elif isinstance(chart, Dots):
        key, (height, shapes) = _dot_key(chart), _dots(chart, width)
    else:
        height, shapes = _bars(chart, width)
    values = {"title": chart.title, "alt": chart.words or chart.title, "key": key}
    return [DocumentPart("chart", {**values, "width": width, "height": height, "shapes": shapes})]


def _text(x: float, y: float, words: str, *, room: float = 0, anchor: str = "start", **more: str) -> Shape:
    """One line, cut with … where it does not fit into the room."""
    look = {"fill": INK, "weight": "regular", **more}
    return {"kind": "text", "x": x, "y": y, "words": words, "room": room, "anchor": anchor, **look}


def _name(y: float, words: str, room: float) -> Shape:
    """A row's name, on two lines where it needs them; what does not fit into two ends in …"""
    return {"kind": "name", "x": 0, "y": y, "words": words, "room": room}


def _shape(kind: str, x: float, y: float, width: float, height: float, **more: Any) -> Shape:
    look: Shape = {"fill": None, "stroke": None, "thick": 0.7, "dash": [], "radius": 0}
    return {"kind": kind, "x": x, "y": y, "width": width, "height": height, **look, **more}


def _rect(x: float, y: float, width: float, height: float, **more: Any) -> Shape:
    return _shape("rect", x, y, width, height, **more)


def _circle(x: float, y: float, radius: float, **more: Any) -> Shape:
    return _shape("circle", x - radius, y - radius, 2 * radius, 2 * radius, **more)


def _polygon(x: float, y: float, *points: tuple[float, float], fill: str) -> Shape:
    """Points counted from x, y, which is the lower left corner of them all."""
    return _shape("polygon", x, y, 0, 0, points=points, fill=fill)


def _line(points: tuple[float, float, float, float], colour: str, thick: float, dash: Sequence[float] = ()) -> Shape:
    look = {"fill": None, "stroke": colour, "thick": thick, "dash": list(dash)}
    return {"kind": "line", "points": points, **look}


def _bars(chart: Bars | Funnel, width: float) -> tuple[float, list[Shape]]:
    height, made = ROW * len(chart.bars) + 6, list[Shape]()
    left, room = width * NAMES, width * (1 - NAMES - AFTER)
    for place, bar in enumerate(chart.bars):
        y = height - ROW * (place + 1) + 4
        made.append(_name(y + 3, bar.label, left - 8))
        share = chart.share(bar)
        if share is None:
            made.append(_rect(left, y, room, 11, stroke=EDGE, dash=[3, 3]))
        else:
            made.append(_rect(left, y, room, 11, radius=2, fill=TRACK))
            if share:
                made.append(_rect(left, y, room * share, 11, radius=2, fill=BRAND))
        made.append(_text(width, y + 3, bar.shown, anchor="end", weight="bold"))
    return height, made


def _item(words: str, shapes: list[Shape], width: float = 12) -> Shape:
    return {"words": words, "shapes": shapes, "width": width}


def _key(names: tuple[str, ...]) -> list[Shape]:
    looks = zip(names, TONES, strict=False)
    return [_item(name, [_rect(0, 1.5, 9, 9, fill=tone, stroke=EDGE, thick=0.5)]) for name, tone in looks]


def _stacked(chart: Stacked, width: float) -> tuple[float, list[Shape]]:
    height, made = ROW * len(chart.bars) + 6, list[Shape]()
    left, room = width * NAMES, width * (1 - NAMES)
    for place, bar in enumerate(chart.bars):
        y = height - ROW * (place + 1) + 4
        made.append(_name(y + 4, bar.label, left - 8))
        parts = chart.parts(bar)
        if not parts:
            made.append(_text(left, y + 4, ", ".join(dict.fromkeys(bar.shown)), fill=SOFT))
        for number, start, length, shown in parts:
            edge = {"stroke": EDGE, "thick": 0.5}
            made.append(_rect(left + room * start, y, room * length, 14, fill=TONES[number - 1], **edge))
            if length >= 0.1:
                ink = WHITE if number < 3 else INK
                made.append(_text(left + room * (start + length / 2), y + 4, shown, anchor="middle", fill=ink))
    return height, made


def _lines(chart: Lines, width: float) -> tuple[float, list[Shape]]:
    height, left, foot = 130.0, 34.0, 18.0
    made, room = list[Shape](), width - left - 12
    for share in (0, 0.5, 1):
        y = foot + height * share
        made.append(_line((left, y, left + room, y), LINE, 0.7))
        value = chart.least + (chart.top - chart.least) * share
        made.append(_text(left - 6, y - 3, f"{value:g}", anchor="end", fill=SOFT))
    for number, line in enumerate(chart.series, 1):
        tone, dash = MID if number in (3, 5) else BRAND, DASHES[number - 1]
        for (ax, ay), (bx, by) in chart.strokes(line):
            ends = (left + room * ax, foot + height * ay, left + room * bx, foot + height * by)
            made.append(_line(ends, tone, 1.6, dash))
        places = (place for place in chart.places(line) if place is not None)
        made += [_marker(number, left + room * x, foot + height * y) for x, y in places]
    for x, anchor, name in chart.named_points:
        made.append(_text(left + room * x, 4, name, anchor=anchor, fill=SOFT))
    return height + foot + 8, made


def _line_key(chart: Lines) -> list[Shape]:
    return [_item(line.name, [_marker(number, 6, 6)]) for number, line in enumerate(chart.series, 1)]


def _marker(number: int, x: float, y: float) -> Shape:
    """Each line has a shape of its own."""
    if number == 1:
        return _circle(x, y, 3, fill=BRAND)
    if number == 2:
        return _rect(x - 3, y - 3, 6, 6, fill=WHITE, stroke=BRAND, thick=1.4)
    if number == 3:
        return _polygon(x - 4, y - 3, (4, 7), (8, 0), (0, 0), fill=MID)
    if number == 4:
        return _polygon(x - 4, y - 4, (4, 8), (8, 4), (4, 0), (0, 4), fill=BRAND)
    return _circle(x, y, 3, fill=WHITE, stroke=MID, thick=1.4)


def _dot_key(chart: Dots) -> list[Shape]:
    made = [_item(name, [_dot(chart, place, 6, 6)]) for place, name in enumerate(chart.series)]
    return [*made, _item(chart.interval_heading, _interval(0, 12, 6))] if chart.has_interval else made


def _dot(chart: Dots, place: int, x: float, y: float, *, is_fall: bool = False) -> Shape:
    """The first hollow, the middle lighter, the last large and full."""
    if place == 0:
        return _circle(x, y, 3.6, fill=WHITE, stroke=BRAND, thick=1.5)
    if place < len(chart.series) - 1:
        return _circle(x, y, 3.6, fill=MID)
    return _circle(x, y, 4.6, fill=FALL if is_fall else BRAND)


def _interval(low: float, high: float, y: float) -> list[Shape]:
    ends = [_line((x, y - 2.5, x, y + 2.5), SOFT, 0.9) for x in (low, high)]
    return [_line((low, y, high, y), SOFT, 0.9), *ends]


def _dots(chart: Dots, width: float) -> tuple[float, list[Shape]]:
    row_height = 26.0
    height, made = row_height * len(chart.rows) + 20, list[Shape]()
    left, room = width * NAMES + 6, width * (1 - NAMES - AFTER) - 20
    for place, row in enumerate(chart.rows):
        y = height - row_height * (place + 1) + 12
        made += [_name(y - 3, row.label, left - 16), _line((left, y, left + room, y), LINE, 0.7)]
        made += _dots_of(chart, row, left, room, y)
        ink = FALL if row.is_fall else INK
        made.append(_text(width, y - 3, row.words, anchor="end", weight="bold", fill=ink, room=width * AFTER))
    made += [_text(left + room * x, 4, said, anchor=anchor, fill=SOFT) for x, anchor, said in chart.ticks]
    return height, made


def _dots_of(chart: Dots, row: Dot, left: float, room: float, y: float) -> list[Shape]:
    made = [_line((left + room * x, y - 4, left + room * x, y + 4), LINE, 0.7) for x, _anchor, _said in chart.ticks]
    first, last = row.values[0], row.values[-1]
    if first is not None and last is not None:
        ends = (left + room * chart.at(first), y, left + room * chart.at(last), y)
        made.append(_line(ends, FALL if row.is_fall else BRAND, 2, (4, 3) if row.is_fall else ()))
    if row.low is not None and row.high is not None:
        made += _interval(left + room * chart.at(row.low), left + room * chart.at(row.high), y - 8)
    order = [*range(1, len(row.values) - 1), 0, *([len(row.values) - 1] if len(row.values) > 1 else [])]
    for place in order:
        value = row.values[place]
        if value is not None:
            made.append(_dot(chart, place, left + room * chart.at(value), y, is_fall=row.is_fall))
    return made
