"""Pages of a long list: which part to show, and addresses of the others that keep the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from lms.web import site_url

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, as the pagination macro draws it."""

    items: Sequence[T]
    number: int
    pages: int

    def url_for(self, number: int) -> str:
        """This page's address with another page's number; the filters stay."""
        return address_with(page=[str(number)] if number > 1 else [])


def page_of(items: Sequence[T], size: int) -> Page[T]:
    """The part of the list that `?page=` asks for; a number that makes no sense shows the nearest page."""
    pages = max(-(-len(items) // size), 1)
    asked = request.args.get("page", "1")
    number = min(max(int(asked) if asked.isascii() and asked.isdigit() else 1, 1), pages)
    return Page(items[(number - 1) * size : number * size], number, pages)


def address_with(**changes: list[str]) -> str:
    """The address of this view with some of its query replaced."""
    query = {name: values for name, values in request.args.lists() if any(values)}
    kept = {name: values for name, values in {**query, **changes}.items() if values}
    return site_url(request.endpoint or "", **{**(request.view_args or {}), **kept})
