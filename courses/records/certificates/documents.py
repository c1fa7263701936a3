"""A certificate on one page of A4."""

from html import escape
from io import BytesIO

import segno
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, KeepInFrame, Paragraph, Spacer

from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import CertificateState, is_in_order
from lms.kit.documents import BODY, BOLD, BRAND, FONT, GOLD, HEADING, INK, LINE, SOFT, words
from lms.kit.words import duration, long_date

EDGE = 14 * mm
INSIDE = EDGE + 14 * mm
QR_SIZE = 30 * mm
NAME = ParagraphStyle("name", BODY, fontName=BOLD, fontSize=25, leading=31, textColor=BRAND, alignment=TA_CENTER)
COURSE = ParagraphStyle("course", BODY, fontName=BOLD, fontSize=16, leading=21, textColor=INK, alignment=TA_CENTER)
LINE_OF = ParagraphStyle("line", BODY, fontSize=11.5, leading=16, alignment=TA_CENTER)
OUTCOME = ParagraphStyle("outcome", BODY, fontSize=10, leading=13.5, leftIndent=12, bulletIndent=2, spaceAfter=2)
NOT_VALID = "Not valid any more"
HOW = "Anyone can check it by the code, or at"


def certificate_pdf(certificate: Certificate, owner: str, *, typed: str, code: str) -> bytes:
    """One A4 page: who, what, when, how long, what was taught, and how anybody checks it.

    `typed` is the address in words, `code` the one that the code leads to.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, lang="en-GB")
    canvas.setTitle(f"Certificate {certificate.serial}")
    canvas.setAuthor(owner)
    canvas.setSubject(certificate.title)
    _border(canvas)
    _head(canvas, owner)
    _middle(canvas, certificate)
    _foot(canvas, certificate, typed, code)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _border(canvas: Canvas) -> None:
    width, height = A4
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.8)
    canvas.rect(EDGE, EDGE, width - 2 * EDGE, height - 2 * EDGE)


def _head(canvas: Canvas, owner: str) -> None:
    width, height = A4
    canvas.setFillColor(BRAND)
    canvas.setFont(BOLD, 13)
    canvas.drawCentredString(width / 2, height - 34 * mm, owner)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(2)
    canvas.line(width / 2 - 30 * mm, height - 39 * mm, width / 2 + 30 * mm, height - 39 * mm)
    canvas.setFont(FONT, 19)
    canvas.drawCentredString(width / 2, height - 53 * mm, "Certificate of attendance")


def _middle(canvas: Canvas, certificate: Certificate) -> None:
    """All of it on this one page: what does not fit is made smaller."""
    width, height = A4
    level = f", level {certificate.level}" if certificate.level else ""
    parts = [
        words("This is to certify that", LINE_OF),
        Spacer(1, 2 * mm),
        words(certificate.name, NAME),
        Spacer(1, 3 * mm),
        words("attended", LINE_OF),
        Spacer(1, 2 * mm),
        words(certificate.title, COURSE),
        words(f"Version {certificate.version}{level}", ParagraphStyle("v", LINE_OF, textColor=SOFT, fontSize=10)),
        Spacer(1, 3 * mm),
        words(certificate.dates, LINE_OF),
        words(f"CPD: {duration(certificate.cpd_minutes)}, breaks excluded", LINE_OF),
        Spacer(1, 5 * mm),
    ]
    if certificate.outcomes:
        parts.append(words("What the course set out to teach", HEADING))
        parts += [Paragraph(escape(each, quote=False), OUTCOME, bulletText="•") for each in certificate.outcomes]
    bottom, top = INSIDE + QR_SIZE + 8 * mm, height - 62 * mm
    room = KeepInFrame(width - 2 * INSIDE, top - bottom, parts, mode="shrink")
    frame = Frame(INSIDE, bottom, width - 2 * INSIDE, top - bottom, 0, 0, 0, 0)
    frame.addFromList([room], canvas)


def _foot(canvas: Canvas, certificate: Certificate, typed: str, code: str) -> None:
    width, _ = A4
    left, top = INSIDE, INSIDE + QR_SIZE
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 13)
    canvas.drawString(left, top - 6 * mm, certificate.serial)
    canvas.setFont(FONT, 9.5)
    how = "Anyone can check it by the code, or with the surname at" if is_in_order(certificate.serial) else HOW
    lines = [f"Issued on {long_date(certificate.issued_at)}.", how, typed]
    if certificate.state is not CertificateState.VALID:
        lines.append(f"{NOT_VALID}: see that page.")
    for place, line in enumerate(lines):
        canvas.drawString(left, top - 13 * mm - place * 5 * mm, line)
    _qr(canvas, code, width - INSIDE - QR_SIZE, INSIDE)


def _qr(canvas: Canvas, address: str, left: float, bottom: float) -> None:
    """Drawn as squares, so that it stays sharp on any printer, and a link on a screen. The quiet around it is paper."""
    rows = list(segno.make(address, error="m", micro=False).matrix)
    side = QR_SIZE / len(rows)
    canvas.linkURL(address, (left, bottom, left + QR_SIZE, bottom + QR_SIZE))
    canvas.setFillColor(INK)
    for down, row in enumerate(rows):
        for across, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(left + across * side, bottom + QR_SIZE - (down + 1) * side, side, side, stroke=0, fill=1)
