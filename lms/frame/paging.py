"""Pages of a long list: which one is asked for, and addresses of the others that keep the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import g, request

from lms.frame.web import site_url
from lms.kit.pages import PageOf

T = TypeVar("T")


@dataclass(frozen=True)
class PageLinks:
    """What the pagination under a list needs to know."""

    number: int
    pages: int

    def url_for(self, number: int) -> str:
        """This page's address with another page's number; the filters stay."""
        return address_with(page=[str(number)] if number > 1 else [])


@dataclass(frozen=True)
class ListPage(PageLinks, Generic[T]):
    """One page of a list that is there as a whole."""

    items: Sequence[T]


SEARCHED = ("q", "words", "find", "who")
"""What the boxes are called in which somebody types what they look for."""
MOST_OF_WHAT_WAS_SEARCHED = 80


def found_here() -> str:
    """What the title says of a list beside its name: what was searched, and which of its pages this is."""
    searched = " ".join(" ".join(request.args.get(name, "") for name in SEARCHED).split())[:MOST_OF_WHAT_WAS_SEARCHED]
    shown: PageLinks | None = g.get("page_of_list")
    return (f", “{searched}”" if searched else "") + (
        f", page {shown.number} of {shown.pages}" if shown is not None and shown.pages > 1 else ""
    )


def number_asked() -> int:
    """The number that `?page=` asks for; what makes no sense asks for the first."""
    asked = request.args.get("page", "1")
    return max(int(asked) if asked.isascii() and asked.isdigit() else 1, 1)


def pages_of(found: PageOf[Any]) -> PageLinks:
    """The pages of a list of which the database was asked for one."""
    g.page_of_list = shown = PageLinks(found.number, found.pages)
    return shown


def page_of(items: Sequence[T], size: int) -> ListPage[T]:
    """The part of the list that is asked for; of a number beyond its end, the last one."""
    pages = max(-(-len(items) // size), 1)
    number = min(number_asked(), pages)
    g.page_of_list = shown = ListPage(number, pages, items[(number - 1) * size : number * size])
    return shown


def address_with(**changes: list[str]) -> str:
    """The address of this view with some of its query replaced."""
    query = {name: values for name, values in request.args.lists() if any(values)}
    kept = {name: values for name, values in {**query, **changes}.items() if values}
    return site_url(request.endpoint or "", **{**(request.view_args or {}), **kept})
