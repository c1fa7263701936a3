"""Files that wait to be confirmed, and kinds written out."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from lms.errors import NotFound
from lms.plugins import Import
from lms.tables.models import Upload
from lms.tables.rules import write_csv
from lms.work import Work


def upload_of(session: Session, upload_id: int, person_id: int | None) -> Upload:
    """A file that this person sent. Raises NotFound for one that is gone, or that somebody else sent."""
    found = session.scalar(
        sa.select(Upload)
        .options(defer(Upload.content))
        .where(Upload.id == upload_id, Upload.uploaded_by_id == person_id)
    )
    if found is None:
        raise NotFound("This file is not here any more. Files are kept for one day; choose it again.")
    return found


def export_table(work: Work, kind: Import) -> str:
    """Everything of a kind as CSV text."""
    return write_csv([column.name for column in kind.columns], kind.export(work))
