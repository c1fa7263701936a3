"""What must be true of names that are kept folded, for `lms check`."""

from collections.abc import Iterator

from lms.frame.work import Work
from lms.people.folding.queries import not_found_by_name


def names_not_found(work: Work) -> Iterator[str]:
    """Rows written by a program of before, or past the records: searches by name leave them out."""
    for row in not_found_by_name(work.session):
        yield f"{row.table.name} {row.row_id} is not found by its name. lms check --repair people.folded mends it."
