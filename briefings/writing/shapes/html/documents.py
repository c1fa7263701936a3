"""Parts as HTML: for pages, with the classes of pages, and whole for the feed."""

from html import escape

from markupsafe import Markup

from briefings.text.rules import Block, Run, blocks_of, html_of
from briefings.writing.shapes.rules import Section, Source


def section_html(section: Section, *, base_url: str = "", is_govuk: bool = True) -> Markup:
    """The words of a part with its questions as a list, cleaned."""
    questions = tuple(Block((Run(each),), level=1) for each in section.questions)
    made = html_of((*blocks_of(section.body), *questions), base_url=base_url, is_govuk=is_govuk)
    return Markup(made)  # noqa: S704  (our own tags, cleaned)


def whole_html(source: Source, base_url: str) -> str:
    """All parts under their headings."""
    return "".join(
        f"<h2>{escape(each.title)}</h2>{section_html(each, base_url=base_url, is_govuk=False)}"
        for each in source.sections
    )
