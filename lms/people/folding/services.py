"""Making rows found by their names again."""

from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa

from lms.frame.locks import for_update
from lms.frame.plugins import Mend
from lms.frame.work import Work
from lms.kit.folding import folded
from lms.people.folding.queries import NotFoundByName, not_found_by_name


def mend_folding(work: Work) -> Iterator[Mend]:
    """Each of them is folded again."""
    return (partial(_fold_again, row=row) for row in list(not_found_by_name(work.session)))


def _fold_again(work: Work, row: NotFoundByName) -> str:
    is_it = row.table.c.id == row.row_id
    text = work.session.scalar(for_update(sa.select(row.table.c[row.source]).where(is_it)))
    if text is None:
        return ""
    work.session.execute(sa.update(row.table).where(is_it).values({row.column: folded(text)}))
    return f"{row.table.name} {row.row_id} is found by its name again."
