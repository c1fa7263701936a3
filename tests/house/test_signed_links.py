"""Links that are signed: what no program of ours signs opens nothing, whoever made the signature."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from werkzeug.routing import Rule

from briefings.distribution.letters import ANSWER as BRIEFING_ANSWER
from charges.charge.letters import ANSWER as CHARGE_ANSWER
from courses.booking.bookings.places.queries import ANSWER as OFFER_ANSWER
from courses.booking.bookings.queries import APPROVAL, MANAGED, OWN
from courses.records.certificates.queries import LINK as CERTIFICATE
from courses.records.certificates.queries import PDF as CERTIFICATE_PDF
from lms.frame.links import SignedLink
from lms.frame.settings import ROOT
from lms.lists.letters import LEAVING
from lms.signin.security import limiter
from surveys.invitations.links.queries import INVITED
from surveys.workforce.staffing.queries import STAFF
from tests.application import SIGNING
from tests.built_in import BUILT_IN

NOT_SIGNED = frozenset({"registrations.code", "signin.code", "wishes.again", "wishes.code"})
"""Links with a token that is compared by its digest."""

ODD = [
    None, True, False, 0, -1, 1.5, 1e300, 2**31, 2**63, 2**64, -(2**63), 10**400, math.inf, math.nan,
    "", "1", " 1", "١", "x", "\0", "1\0", "\ud800", "a" * 5_000,
    [], {}, [[]], {"id": 1}, [None, None], [1, None], [1, True], [1, "nobody"], [1, "\0"], [1, "delegate", 1], [1, []],
    [1, "agency"], ["1", "delegate"], [True, "delegate"], [1.0, "delegate"], [2**31, "delegate"], [10**30, "manager"],
    [1, 2**31], [10**30, 1], ["1", "1"], [1, 1, 1], [1], ["a list", None], ["a list", True], ["a list", {}],
    ["a list", 2**31], ["a list", -1], ["a list", 1.0], ["a list", ""], ["a list", "\0"], ["a list", "\ud800"],
    ["a list", "nobody"], ["\0", 1], ["\ud800", 1], [None, 1], [1, 1], [{}, "x@y.example"],
]  # fmt: skip
"""Values that a signed link has never carried: of another shape, of another kind, beyond every row."""


KINDS: dict[str, SignedLink[Any]] = {
    "acting.booking": OWN,
    "acting.calendar": OWN,
    "acting.cancel": OWN,
    "acting.give": OWN,
    "acting.join": OWN,
    "acting.manager": OWN,
    "acting.move": OWN,
    "acting.needs": OWN,
    "answers.answer": INVITED,
    "answers.open_link": INVITED,
    "answers.stop": INVITED,
    "comparison.consent": INVITED,
    "answering.by_link": BRIEFING_ANSWER,
    "approvals.by_link": APPROVAL,
    "by_letter.pdf": CERTIFICATE_PDF,
    "certificates.verified_by_link": CERTIFICATE,
    "charging.by_link": CHARGE_ANSWER,
    "lists.leave": LEAVING,
    "managers.booking": MANAGED,
    "managers.cannot_come": MANAGED,
    "managers.colleague": MANAGED,
    "offers.by_link": OFFER_ANSWER,
    "staffing.of_agency": STAFF,
}
"""The kind of link that each page reads. Each kind is fuzzed at each page of its own."""


class AnyJson:
    """Writes what our own serializer could not."""

    dumps, loads = staticmethod(json.dumps), staticmethod(json.loads)


def signed(kind: SignedLink[Any], value: Any) -> str:
    return str(URLSafeSerializer(SIGNING.secret_key, salt=kind.salt, serializer=AnyJson).dumps(value))


def asked_for(app: Flask, rule: Rule, token: str) -> Iterator[tuple[str, int]]:
    """Looked at and posted to, where the page allows it, and how that is answered."""
    with app.test_request_context():
        others = dict.fromkeys(rule.arguments - {"token"}, 1)
        url = app.url_for(rule.endpoint, token=token, **others)
    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
        yield f"{method} {rule.endpoint}", app.test_client().open(url, method=method, data={"again": "1"}).status_code


@pytest.mark.slow
def test_a_signed_value_that_no_program_signs_is_no_link(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it was signed, by whoever has the key: looked at or posted to, it answers that there is no such link."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    rules = [rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert {rule.endpoint for rule in rules} == KINDS.keys() | NOT_SIGNED
    wrong = []
    for rule in rules:
        kind = KINDS.get(rule.endpoint)
        own = [signed(kind, value) for value in ODD] if kind else []
        others = [signed(other, value) for other in KINDS.values() if other is not kind for value in (1, [1, "x@y.z"])]
        for token in dict.fromkeys([*own, *others]):
            answers = [each for each in asked_for(app, rule, token) if each[1] != 404]
            wrong += [f"{what} answers {status} to {token[:40]}" for what, status in answers]
    assert wrong == []


def test_every_kind_of_link_says_how_long_it_works(app: Flask) -> None:
    """`lms keys status` tells from it when a key of before can go. When this fails: list it in the plugin's `links`."""
    listed = [each.salt for each in app.extensions["lms"].links]
    assert sorted(listed) == sorted(kind.salt for kind in set(KINDS.values()))


def test_every_signed_link_is_made_in_one_place() -> None:
    """When this fails: say what your link carries by a `SignedLink` of `lms/frame/links.py`."""
    packages = ("lms", *(plugin.name for plugin in BUILT_IN))
    signing = [
        str(path.relative_to(ROOT))
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if re.search(r"\bitsdangerous\b", path.read_text(encoding="utf-8"))
    ]
    assert signing == ["lms/frame/links.py"]
