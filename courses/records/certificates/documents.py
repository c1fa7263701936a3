"""A certificate on one page of A4."""

from pathlib import Path
from typing import Any

from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import CertificateState, is_in_order
from lms.kit.typesetting.glyphs import box_note, lacking_in
from lms.kit.typesetting.setting import INK, qr_drawing, typeset
from lms.kit.words import duration, long_date

TEMPLATES = (Path(__file__).parent / "certificate.typ",)
NOT_VALID = "No longer valid"
HOW = "Anyone can check it by the code, or at"
HOW_WITH_SURNAME = "Anyone can check it by the code, or with the surname at"


def certificate_pdf(certificate: Certificate, owner: str, *, typed: str, code: str) -> bytes:
    """One A4 page: who, what, when, how long, what was taught, and how anybody checks it.

    `typed` is the address in words, `code` the one that the code leads to.
    """
    level = f", level {certificate.level}" if certificate.level else ""
    how = [f"Issued on {long_date(certificate.issued_at)}."]
    how += [HOW_WITH_SURNAME if is_in_order(certificate.serial) else HOW, typed]
    if certificate.state is not CertificateState.VALID:
        how.append(f"{NOT_VALID}: see that page.")
    values: dict[str, Any] = {
        "name": certificate.name,
        "course": certificate.title,
        "version": f"Version {certificate.version}{level}",
        "dates": certificate.dates,
        "cpd": f"CPD: {duration(certificate.cpd_minutes)}, breaks excluded",
        "outcomes": list(certificate.outcomes),
        "serial": certificate.serial,
        "how": [],
        "code": code,
        "qr": qr_drawing(code, INK, quiet=0),
    }
    note = box_note(lacking_in([values, owner]))
    values["how"] = [*how, note] if note else how
    return typeset(TEMPLATES, f"Certificate {certificate.serial}", owner, values, about=certificate.title)
