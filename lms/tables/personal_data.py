"""Files that wait to be imported may name anybody. They go by themselves after a day."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.personal_data.queries import identity_of
from lms.tables.models import Upload

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    waiting = sa.select(Upload).where(Upload.uploaded_by_id == person_id).order_by(Upload.id)
    return {
        "Files that you sent and did not import yet": [
            {"File": each.filename, "Sent": each.uploaded_at.isoformat()} for each in work.session.scalars(waiting)
        ]
    }


def _erase(work: Work, person_id: int) -> None:
    """What they sent, and every file that names them: it can be sent again without them."""
    needles = [each.encode(way, "ignore") for each in identity_of(work.session, person_id).within for way in ENCODINGS]
    for upload in work.session.scalars(sa.select(Upload).order_by(Upload.id)).all():
        if upload.uploaded_by_id == person_id or any(each and each in upload.content for each in needles):
            work.session.delete(upload)


PERSONAL_DATA = PersonalData(tables=("upload",), export=_export, erase=_erase)
