"""What somebody looks for in the catalogue, as the address says it and the browser remembers it."""

from urllib.parse import parse_qsl, urlencode

from flask import Response, request

from courses.programme.catalogue.finding.queries import Catalogue, Search
from courses.programme.courses import rules
from courses.programme.nearby.rules import WITHIN_MILES, district_typed
from courses.programme.searching.rules import LONGEST_TYPED
from lms.frame.paging import address_with
from lms.frame.web import site_url
from lms.kit.names import clean_words
from lms.kit.words import MONTHS

LARGEST_GROUP_ID = 2**31 - 1
REMEMBERED = ("audience", "near", "within")
COOKIE, A_YEAR = "gt_my_courses", 365 * 24 * 3600
LONGEST = 60


def remembered() -> dict[str, str]:
    """What this browser was asked to remember: a kind of work by its number, a town or district, and miles."""
    kept = parse_qsl(request.cookies.get(COOKIE, "")[:300])
    return {name: value[:LONGEST] for name, value in kept if name in REMEMBERED and value}


def remember(answer: Response, wanted: dict[str, str], *, is_secure: bool) -> Response:
    """Keep it for a year in this browser, where they ticked so; or forget it, where they no longer do."""
    kept = {name: value[:LONGEST] for name, value in wanted.items() if value}
    if kept and request.args.get("remember") == "yes":
        answer.set_cookie(
            COOKIE, urlencode(kept), max_age=A_YEAR, path="/courses", httponly=True, samesite="Lax", secure=is_secure
        )
    elif COOKIE in request.cookies:
        answer.delete_cookie(COOKIE, path="/courses")
    return answer


def search_asked() -> Search:
    """What the address asks for."""
    args = request.args
    audience = args.get("audience", "")
    return Search(
        typed=" ".join(clean_words(args.get("q", "")).split())[:LONGEST_TYPED],
        is_exact=args.get("exact") == "yes",
        is_by_date=args.get("order") == "soonest",
        audience=min(int(audience), LARGEST_GROUP_ID) if audience.isascii() and audience.isdigit() else 0,
        month=args.get("month", ""),
        levels=frozenset(filter(None, args.getlist("level"))),
        types=frozenset(filter(None, args.getlist("type"))),
        where=frozenset(filter(None, args.getlist("where"))),
        only_places_left=args.get("places") == "left",
        near=_near(args.get("near", "")),
        within=next((each for each in WITHIN_MILES if str(each) == args.get("within")), 0),
    )


def _near(typed: str) -> str:
    """Of a postcode only the district; of anything else no more than a town's name."""
    words = " ".join(clean_words(typed).split())
    return district_typed(words) or words[:LONGEST]


def addresses_of(search: Search, found: Catalogue) -> dict[str, str]:
    """This search read otherwise, in another order, and without its filters."""
    return {
        "exact": address_with(exact=["yes"], page=[]),
        "forgiving": address_with(exact=[], page=[]),
        "best": address_with(order=[], page=[]),
        "soonest": address_with(order=["soonest"], page=[]),
        "own work": address_with(audience=[str(found.own_audience[0])], page=[]) if found.own_audience else "",
        "without filters": site_url("catalogue.catalogue", q=search.typed),
        "everything": site_url("catalogue.catalogue", q=""),
    }


def filters_chosen(search: Search, found: Catalogue) -> list[dict[str, str]]:
    """The filters in force, each with the address of this view without it."""
    chosen = [("q", "", f"“{search.typed}”")] if search.typed else []
    if search.audience:
        chosen.append(("audience", "", dict(found.audiences).get(search.audience, "This kind of work")))
    if search.month:
        chosen.append(("month", "", month_words(search.month)))
    chosen += [("level", each, rules.level_words(each)) for each in sorted(search.levels)]
    chosen += [("type", each, each.capitalize()) for each in sorted(search.types)]
    if search.near and found.here:
        miles = f"Within {search.within} miles of" if search.within else "Near"
        chosen.append(("near", "", f"{miles} {found.here.said}"))
    chosen += [("where", each, "Online" if each == "online" else each) for each in sorted(search.where)]
    if search.only_places_left:
        chosen.append(("places", "", "Only dates with places left"))
    return [
        {
            "title": title,
            "url": _address_with(
                page=[], **{name: [each for each in request.args.getlist(name) if value and each != value]}
            ),
        }
        for name, value, title in chosen
    ]


def _address_with(**changes: list[str]) -> str:
    """The address of this search with something else; without anything, everything, also where a browser remembers."""
    address = address_with(**changes)
    return address if "?" in address else site_url("catalogue.catalogue", q="")


def month_words(month: str) -> str:
    """April 2026, for 2026-04; what is no month stays as it was typed."""
    year, _, number = month.partition("-")
    return (
        f"{MONTHS[int(number) - 1]} {year}" if number.isascii() and number.isdigit() and 0 < int(number) < 13 else month
    )
