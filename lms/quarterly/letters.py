"""The quarter as a letter: to the sub-group, and to the leads of each agency."""

from typing import Any

from lms.kit.letters import Letter
from lms.quarterly.queries import OnePage
from lms.quarterly.rules import quarter_title


def quarter_for_group(one: OnePage, person_id: int) -> Letter:
    """Once to each member for each quarter."""
    key = one.period.from_on.isoformat()
    return Letter(
        kind="reports.quarter_for_group",
        key=f"reports.quarter_for_group:{person_id}:{key}",
        person_id=person_id,
        can_wait=True,
        context=_context(one),
    )


def quarter_for_agency(one: OnePage, agency_id: int, person_id: int) -> Letter:
    """Once to each lead for each agency and quarter."""
    key = one.period.from_on.isoformat()
    return Letter(
        kind="reports.quarter_for_agency",
        key=f"reports.quarter_for_agency:{person_id}:{agency_id}:{key}",
        person_id=person_id,
        can_wait=True,
        context={**_context(one), "agency": one.agency, "agency_id": agency_id},
    )


def _context(one: OnePage) -> dict[str, Any]:
    return {
        "quarter": quarter_title(one.period),
        "began_on": one.period.from_on.isoformat(),
        "parts": [
            {
                "title": part.title,
                "lines": [
                    {
                        "title": each.figure.title,
                        "shown": each.figure.shown,
                        "of": each.of,
                        "before": each.before,
                        "change": each.change,
                    }
                    for section in part.sections
                    for each in section.figures
                ],
            }
            for part in one.parts
        ],
    }
