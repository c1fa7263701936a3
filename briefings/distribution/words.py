"""An audience in words, as pages and standing orders say it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from briefings.distribution.drawing.queries import choices
from briefings.distribution.rules import Audience
from lms.kit.words import listed


def said_audience(session: Session, audience: Audience) -> str:
    """Agency leads of Police and Health, who attended a course of level 2."""
    known = choices(session)
    places = [*_names(known.sectors, audience.sector_ids), *_names(known.agencies, audience.agency_ids)]
    work = _names(known.role_groups, audience.role_group_ids)
    words = ["Agency leads" if audience.is_leads_only else "Everyone"]
    words += [f"of {listed(places)}"] if places else ["of all agencies"]
    words += [f"in {listed(work)}"] if work else []
    words += [f"who attended a course of level {listed(audience.levels, 'or')}"] if audience.levels else []
    words += ["who attended a course that covers it"] if audience.has_attended else []
    said = " ".join(words)
    if audience.has_subscribers and not audience.is_leads_only:
        said += ", and those who asked for every briefing"
    return said


def _names(pairs: Iterable[tuple[int, str]], ids: Iterable[int]) -> list[str]:
    wanted = set(ids)
    return [name for key, name in pairs if key in wanted]
