"""The house style of PDF documents: fonts that hold every name, a head, a foot with page numbers, tables.

document = Document("Action plan", partnership.name, as_at="As at Monday 16 March 2026")
document.add(words("All actions by date."), table(["Action", "Due"], rows, widths=[4, 1]))
data = document.data()
"""

from collections.abc import Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

INK, SOFT, BRAND, GOLD, LINE = (HexColor(c) for c in ("#13242b", "#4a585e", "#0a3541", "#b27c0a", "#d9d4c8"))
FONT, BOLD = "House", "House-Bold"
MARGIN = 15 * mm
FONTS = Path(__file__).parent / "fonts"

pdfmetrics.registerFont(TTFont(FONT, FONTS / "DejaVuSansCondensed.ttf"))
pdfmetrics.registerFont(TTFont(BOLD, FONTS / "DejaVuSansCondensed-Bold.ttf"))
pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        **{"fontName": FONT, "fontSize": size, "leading": size * 1.3, "textColor": INK, "alignment": TA_LEFT, **more},
    )


TITLE = _style("title", 20, fontName=BOLD, textColor=BRAND, spaceAfter=4)
HEADING = _style("heading", 13, fontName=BOLD, textColor=BRAND, spaceBefore=10, spaceAfter=4)
BODY = _style("body", 10, spaceAfter=6)
NOTE = _style("note", 8.5, textColor=SOFT, spaceAfter=6)
CELL = _style("cell", 8.5)
CELL_HEAD = _style("cell head", 8.5, fontName=BOLD)


class Document:
    """One PDF. `as_at` is printed under the title and at the foot of each page."""

    def __init__(self, title: str, owner: str, *, as_at: str, is_wide: bool = False) -> None:
        self.title, self.owner, self.as_at = title, owner, as_at
        self.size = landscape(A4) if is_wide else A4
        self.parts: list[Flowable] = [words(title, TITLE), words(as_at, NOTE)]

    def add(self, *parts: Flowable) -> None:
        """Add paragraphs and tables, in their order."""
        self.parts.extend(parts)

    def data(self) -> bytes:
        """The finished file."""
        file = BytesIO()
        made = SimpleDocTemplate(
            file,
            pagesize=self.size,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN + 8 * mm,
            bottomMargin=MARGIN,
            title=self.title,
            author=self.owner,
            lang="en-GB",
        )
        made.build(self.parts, onFirstPage=self._chrome, onLaterPages=self._chrome)
        return file.getvalue()

    def _chrome(self, canvas: Any, made: Any) -> None:
        width, height = self.size
        canvas.saveState()
        canvas.setFont(BOLD, 10)
        canvas.setFillColor(BRAND)
        canvas.drawString(MARGIN, height - 13 * mm, self.owner)
        canvas.setStrokeColor(GOLD)
        canvas.setLineWidth(2)
        canvas.line(MARGIN, height - 15.5 * mm, width - MARGIN, height - 15.5 * mm)
        canvas.setFont(FONT, 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, 9 * mm, f"{self.title}. {self.as_at}")
        canvas.drawRightString(width - MARGIN, 9 * mm, f"Page {made.page}")
        canvas.restoreState()


def words(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph of plain words; whatever looks like markup is printed as it stands."""
    return Paragraph(escape(text, quote=False).replace("\n", "<br/>"), style)


def gap(millimetres: float = 4) -> Flowable:
    """Some room."""
    return Spacer(1, millimetres * mm)


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float], is_wide: bool = False
) -> Table:
    """A table whose head is repeated on each page. `widths` are shares of the page's width."""
    room = (landscape(A4) if is_wide else A4)[0] - 2 * MARGIN
    cells = [[words(each, CELL_HEAD) for each in head], *([words(each, CELL) for each in row] for row in rows)]
    made = Table(cells, colWidths=[room * share / sum(widths) for share in widths], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 1.2, BRAND),
                ("LINEBELOW", (0, 1), (-1, -1), 0.5, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return made
