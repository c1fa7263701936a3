"""Reasons and facts as their pages list them, out of what the plugins say."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

from lms.api.examples import example_of
from lms.api.openapi import all_reasons
from lms.api.shapes import outer_name
from lms.frame.access import ROLE_WORDS
from lms.frame.problems import GENERAL
from lms.frame.site import Site

ANY = "anything"


@dataclass(frozen=True)
class ReasonRow:
    """A reason, and what may be refused for it."""

    code: str
    words: str
    status: int
    operations: Sequence[str]


@dataclass(frozen=True)
class FactRow:
    """A fact: what it says, what it holds, and who may hear it."""

    name: str
    words: str
    about: str
    holds: Sequence[tuple[str, str]]
    example: str
    roles: Sequence[str]


def reason_rows(site: Site) -> list[ReasonRow]:
    """Every reason by its code."""
    of_status = {reason.code: status for status, reason in GENERAL.items()}
    rows = []
    for code, reason in sorted(all_reasons(site.operations).items()):
        own = [f"{each.method} {each.path}" for each in site.operations if reason in each.reasons]
        rows.append(ReasonRow(code, reason.words, of_status.get(code, OTHERS.get(code, 409)), own or [ANY]))
    return rows


OTHERS = {"no_token": 401, "reads_only": 403, "key_reused": 422, "fault": 500}


def fact_rows(site: Site) -> list[FactRow]:
    """Every fact in the plugins' order."""
    rows = []
    for each in site.told_facts.values():
        shape = each.holds
        holds = [] if shape is None else [(outer_name(one), one.metadata.get("words", "")) for one in fields(shape)]
        example = {} if shape is None else example_of(shape)
        held = site.roles_by_permission[each.permission]
        rows.append(
            FactRow(
                name=each.name,
                words=each.words,
                about=" ".join((each.tell.__doc__ or "").split()),
                holds=holds,
                example=json.dumps(example, indent=2, ensure_ascii=False),
                roles=[words for role, words in ROLE_WORDS.items() if role in held],
            )
        )
    return rows
