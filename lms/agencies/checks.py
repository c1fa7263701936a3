"""What must be true of agencies, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.agencies.models import Agency, RoleGroup, Sector
from lms.frame.work import Work
from lms.kit.names import shown_with_why


def successors_that_lead_nowhere(work: Work) -> Iterator[str]:
    """An agency that was merged is closed, and following successors ends at an agency that has none."""
    rows = work.session.execute(sa.select(Agency.id, Agency.code, Agency.successor_id, Agency.closed_on)).all()
    successors = {row.id: row.successor_id for row in rows}
    for row in sorted(rows, key=lambda each: each.code):
        if row.successor_id is not None and row.closed_on is None:
            yield f"Agency {row.code} has a successor and is not closed."
        met, here = set(), row.id
        while here is not None and here not in met:
            met.add(here)
            here = successors[here]
        if here is not None:
            yield f"Agency {row.code}: its successors go round in a circle."


def names_that_nobody_has(work: Work) -> Iterator[str]:
    """Names from before there was a rule. They are sent cleaned; correct them."""
    for code, name in work.session.execute(sa.select(Agency.code, Agency.name).order_by(Agency.code)):
        if said := shown_with_why(name):
            yield f"Agency {code}, name {said}"
    for what, model in (("Sector", Sector), ("Role group", RoleGroup)):
        for name in work.session.scalars(sa.select(model.name).order_by(model.position)):
            if said := shown_with_why(name):
                yield f"{what} {said}"
