"""A version as a letter says it: HTML and plain text from one source.

`letter_of(session, version_id, base_url)` answers what the two partials `templates/email/briefings/_briefing.html` and
`_briefing.txt` take as `briefing`. Whoever sends it writes the letter around them: whom it is to, why, how to stop it.
"""

from typing import Any

from sqlalchemy.orm import Session

from briefings.text.rules import blocks_of, html_of, text_of
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import published_versions
from briefings.writing.rules import SHAPES, reading_minutes
from briefings.writing.shapes.queries import source_of
from briefings.writing.shapes.rules import Section, Source
from lms.frame.access import program
from lms.kit.errors import NotFound


def letter_of(session: Session, version_id: int, base_url: str) -> dict[str, Any]:
    """The letter of a version that is out. Raises NotFound when it is not out, or no longer: then nothing is sent.

    Plain values: `title, summary, kind, minutes, about, url, pdf_url` and `sections`, each with `number, title,
    html, text, questions`.
    Do not keep it in the outbox: it holds the title, and an embargo can come later. Keep `version_id`, and ask when the
    letter goes.
    """
    reader = program("emails of briefings")
    version = session.scalar(published_versions(reader).where(BriefingVersion.id == version_id))
    if version is None:
        raise NotFound("This version is not out. Nothing is sent.")
    return letter_from(source_of(version), base_url)


def letter_from(source: Source, base_url: str) -> dict[str, Any]:
    """The same from what is being written, for the preview."""
    address = f"{base_url.rstrip('/')}/briefings/{source.number}"
    return {
        "title": source.title,
        "summary": source.summary,
        "kind": SHAPES[source.kind].name,
        "minutes": reading_minutes(source.words),
        "about": source.about,
        "url": address,
        "pdf_url": f"{address}/one-page.pdf",
        "sections": [_section(each, base_url.rstrip("/")) for each in source.sections],
    }


def _section(section: Section, base_url: str) -> dict[str, Any]:
    blocks = blocks_of(section.body)
    return {
        "number": section.number,
        "title": section.title,
        "html": html_of(blocks, base_url=base_url),
        "text": text_of(blocks, base_url=base_url),
        "questions": list(section.questions),
    }
