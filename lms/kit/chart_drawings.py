"""The charts of lms.kit.charts drawn into PDF documents, in the house style.

document.add(*drawn(chart))
"""

from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, Rect, String
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, KeepTogether

from lms.kit.charts import Bars, Chart, Dot, Dots, Funnel, Lines, Stacked
from lms.kit.documents import BODY, BOLD, BRAND, FONT, INK, LINE, MARGIN, SOFT, words

TRACK, MID, FALL, EDGE = (HexColor(each) for each in ("#e6e1d6", "#4f8390", "#b3261e", "#857f72"))
TONES = tuple(HexColor(each) for each in ("#0a3541", "#3a6c79", "#8fb3bb", "#d3e1e4", "#ffffff"))
DASHES: tuple[list[int] | None, ...] = (None, [6, 4], [2, 3], [9, 3, 2, 3], None)
SIZE = 8.5
ROW = 22.0
NAMES, AFTER = 0.34, 0.2
"""Shares of the width for the names before the bars and for the words after them."""


def drawn(chart: Chart, *, is_wide: bool = False) -> list[Flowable]:
    """The chart's title, key and picture, kept on one page. Its table is for `lms.kit.documents.table`."""
    width = (landscape(A4) if is_wide else A4)[0] - 2 * MARGIN - 12
    heading = words(chart.title, BODY)
    if isinstance(chart, Stacked):
        parts: list[Flowable] = [_key(chart.series, width), _stacked(chart, width)]
    elif isinstance(chart, Lines):
        parts = [_line_key(chart, width), _lines(chart, width)]
    elif isinstance(chart, Dots):
        parts = [_dot_key(chart, width), _dots(chart, width)]
    else:
        parts = [_bars(chart, width)]
    return [KeepTogether([heading, *parts])]


def _text(x: float, y: float, text: str, *, room: float = 0, anchor: str = "start", **more: Any) -> String:
    """One line, cut with … where it does not fit into the room."""
    font = more.get("fontName", FONT)
    if room and stringWidth(text, font, SIZE) > room:
        while text and stringWidth(text + "…", font, SIZE) > room:
            text = text[:-1]
        text += "…"
    return String(x, y, text, **{"fontName": font, "fontSize": SIZE, "fillColor": INK, "textAnchor": anchor, **more})


def _label(made: Drawing, y: float, text: str, room: float) -> None:
    """A row's name, on two lines where it needs them; what does not fit into two ends in …"""
    lines = simpleSplit(text, FONT, SIZE, room)
    if len(lines) < 2:
        made.add(_text(0, y, text, room=room))
        return
    made.add(_text(0, y + 5, lines[0]))
    made.add(_text(0, y - 5, " ".join(lines[1:]), room=room))


def _bars(chart: Bars | Funnel, width: float) -> Drawing:
    made = Drawing(width, ROW * len(chart.bars) + 6)
    left, room = width * NAMES, width * (1 - NAMES - AFTER)
    for place, bar in enumerate(chart.bars):
        y = made.height - ROW * (place + 1) + 4
        _label(made, y + 3, bar.label, left - 8)
        share = chart.share(bar)
        if share is None:
            made.add(Rect(left, y, room, 11, fillColor=None, strokeColor=EDGE, strokeDashArray=[3, 3], strokeWidth=0.7))
        else:
            made.add(Rect(left, y, room, 11, rx=2, ry=2, fillColor=TRACK, strokeColor=None))
            if share:
                made.add(Rect(left, y, room * share, 11, rx=2, ry=2, fillColor=BRAND, strokeColor=None))
        made.add(_text(width, y + 3, bar.shown, anchor="end", fontName=BOLD))
    return made


def _key(names: tuple[str, ...], width: float) -> Drawing:
    made = Drawing(width, 16)
    x = 0.0
    for name, tone in zip(names, TONES, strict=False):
        made.add(Rect(x, 3, 9, 9, fillColor=tone, strokeColor=EDGE, strokeWidth=0.5))
        made.add(_text(x + 13, 4, name))
        x += 13 + stringWidth(name, FONT, SIZE) + 14
    return made


def _stacked(chart: Stacked, width: float) -> Drawing:
    made = Drawing(width, ROW * len(chart.bars) + 6)
    left, room = width * NAMES, width * (1 - NAMES)
    for place, bar in enumerate(chart.bars):
        y = made.height - ROW * (place + 1) + 4
        _label(made, y + 4, bar.label, left - 8)
        parts = chart.parts(bar)
        if not parts:
            made.add(_text(left, y + 4, ", ".join(dict.fromkeys(bar.shown)), fillColor=SOFT))
        for number, start, length, shown in parts:
            tone = TONES[number - 1]
            edge = {"strokeColor": EDGE, "strokeWidth": 0.5}
            made.add(Rect(left + room * start, y, room * length, 14, fillColor=tone, **edge))
            if length >= 0.1:
                ink = white if number < 3 else INK
                made.add(_text(left + room * (start + length / 2), y + 4, shown, anchor="middle", fillColor=ink))
    return made


def _lines(chart: Lines, width: float) -> Drawing:
    height, left, foot = 130.0, 34.0, 18.0
    made = Drawing(width, height + foot + 8)
    room = width - left - 12
    for share in (0, 0.5, 1):
        y = foot + height * share
        made.add(Line(left, y, left + room, y, strokeColor=LINE, strokeWidth=0.7))
        value = chart.least + (chart.top - chart.least) * share
        made.add(_text(left - 6, y - 3, f"{value:g}", anchor="end", fillColor=SOFT))
    for number, line in enumerate(chart.series, 1):
        tone = MID if number in (3, 5) else BRAND
        for (ax, ay), (bx, by) in chart.strokes(line):
            made.add(
                Line(
                    left + room * ax,
                    foot + height * ay,
                    left + room * bx,
                    foot + height * by,
                    strokeColor=tone,
                    strokeWidth=1.6,
                    strokeDashArray=DASHES[number - 1],
                )
            )
        for place in chart.places(line):
            if place is not None:
                made.add(_marker(number, left + room * place[0], foot + height * place[1]))
    for x, anchor, name in chart.named_points:
        made.add(_text(left + room * x, 4, name, anchor=anchor, fillColor=SOFT))
    return made


def _line_key(chart: Lines, width: float) -> Drawing:
    made = Drawing(width, 16)
    x = 6.0
    for number, line in enumerate(chart.series, 1):
        made.add(_marker(number, x, 7))
        made.add(_text(x + 9, 4, line.name))
        x += 9 + stringWidth(line.name, FONT, SIZE) + 18
    return made


def _marker(number: int, x: float, y: float) -> Any:
    """Each line has a shape of its own."""
    if number == 1:
        return Circle(x, y, 3, fillColor=BRAND, strokeColor=None)
    if number == 2:
        return Rect(x - 3, y - 3, 6, 6, fillColor=white, strokeColor=BRAND, strokeWidth=1.4)
    if number == 3:
        return Polygon([x, y + 4, x + 4, y - 3, x - 4, y - 3], fillColor=MID, strokeColor=None)
    if number == 4:
        return Polygon([x, y + 4, x + 4, y, x, y - 4, x - 4, y], fillColor=BRAND, strokeColor=None)
    return Circle(x, y, 3, fillColor=white, strokeColor=MID, strokeWidth=1.4)


def _dot_key(chart: Dots, width: float) -> Drawing:
    made = Drawing(width, 16)
    x = 6.0
    for place, name in enumerate(chart.series):
        made.add(_dot(chart, place, x, 7))
        made.add(_text(x + 9, 4, name))
        x += 9 + stringWidth(name, FONT, SIZE) + 16
    if chart.has_interval:
        for stroke in _interval(x - 4, x + 8, 7):
            made.add(stroke)
        made.add(_text(x + 13, 4, chart.interval_heading))
    return made


def _dot(chart: Dots, place: int, x: float, y: float, *, is_fall: bool = False) -> Circle:
    """The first hollow, the middle lighter, the last large and full."""
    if place == 0:
        return Circle(x, y, 3.6, fillColor=white, strokeColor=BRAND, strokeWidth=1.5)
    if place < len(chart.series) - 1:
        return Circle(x, y, 3.6, fillColor=MID, strokeColor=None)
    return Circle(x, y, 4.6, fillColor=FALL if is_fall else BRAND, strokeColor=None)


def _interval(low: float, high: float, y: float) -> list[Line]:
    look = {"strokeColor": SOFT, "strokeWidth": 0.9}
    ends = [Line(x, y - 2.5, x, y + 2.5, **look) for x in (low, high)]
    return [Line(low, y, high, y, **look), *ends]


def _dots(chart: Dots, width: float) -> Drawing:
    row_height = 26.0
    made = Drawing(width, row_height * len(chart.rows) + 20)
    left, room = width * NAMES + 6, width * (1 - NAMES - AFTER) - 20
    for place, row in enumerate(chart.rows):
        y = made.height - row_height * (place + 1) + 12
        _label(made, y - 3, row.label, left - 16)
        made.add(Line(left, y, left + room, y, strokeColor=LINE, strokeWidth=0.7))
        _draw_row(made, chart, row, left, room, y)
        ink = FALL if row.is_fall else INK
        made.add(_text(width, y - 3, row.words, anchor="end", fontName=BOLD, fillColor=ink, room=width * AFTER))
    for x, anchor, said in chart.ticks:
        made.add(_text(left + room * x, 4, said, anchor=anchor, fillColor=SOFT))
    return made


def _draw_row(made: Drawing, chart: Dots, row: Dot, left: float, room: float, y: float) -> None:
    for x, _anchor, _said in chart.ticks:
        made.add(Line(left + room * x, y - 4, left + room * x, y + 4, strokeColor=LINE, strokeWidth=0.7))
    first, last = row.values[0], row.values[-1]
    if first is not None and last is not None:
        made.add(
            Line(
                left + room * chart.at(first),
                y,
                left + room * chart.at(last),
                y,
                strokeColor=FALL if row.is_fall else BRAND,
                strokeWidth=2,
                strokeDashArray=[4, 3] if row.is_fall else None,
            )
        )
    if row.low is not None and row.high is not None:
        for stroke in _interval(left + room * chart.at(row.low), left + room * chart.at(row.high), y - 8):
            made.add(stroke)
    order = [*range(1, len(row.values) - 1), 0, *([len(row.values) - 1] if len(row.values) > 1 else [])]
    for place in order:
        value = row.values[place]
        if value is not None:
            made.add(_dot(chart, place, left + room * chart.at(value), y, is_fall=row.is_fall))
