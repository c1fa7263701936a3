"""The Atom feed of the briefings that everybody may read (RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class FeedEntry:
    """One briefing. `html` is its words, cleaned."""

    number: int
    title: str
    summary: str
    html: str
    url: str
    changed_at: datetime


def atom(
    entries: Iterable[FeedEntry], *, title: str, author: str, feed_url: str, page_url: str, now: datetime
) -> bytes:
    """The feed as a file. An entry's id stays when its version changes, and no entry tells of one that is gone."""
    listed = list(entries)
    host = urlsplit(feed_url).hostname or "localhost"
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _add(feed, "id", feed_url)
    _add(feed, "title", title)
    _add(feed, "updated", max((each.changed_at for each in listed), default=now).isoformat())
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": feed_url})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page_url})
    _add(SubElement(feed, "author"), "name", author)
    for each in listed:
        entry = SubElement(feed, "entry")
        _add(entry, "id", f"tag:{host},2020:briefing:{each.number}")
        _add(entry, "title", each.title)
        _add(entry, "updated", each.changed_at.isoformat())
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": each.url})
        _add(entry, "summary", each.summary or each.title)
        _add(entry, "content", each.html).set("type", "html")
    made: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _add(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name)
    made.text = "".join(each for each in text if each >= " " or each in "\t\n")
    return made
