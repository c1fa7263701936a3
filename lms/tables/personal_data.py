"""Files that wait to be imported may name anybody. They go by themselves after a day."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.personal_data.mentions.rules import Needles
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
    who = identity_of(work, person_id).own()
    for upload in work.session.scalars(sa.select(Upload).order_by(Upload.id)).all():
        if upload.uploaded_by_id == person_id or _names(upload.content, who):
            work.session.delete(upload)


def _names(content: bytes, who: Needles) -> bool:
    parts = [each.lower() for each in who.parts]
    for way in ENCODINGS:
        for line in content.decode(way, "ignore").splitlines():
            if any(part in line.lower() for part in parts) and any(True for _ in who.spans(line)):
                return True
    return False


PERSONAL_DATA = PersonalData(tables=("table_upload",), export=_export, erase=_erase)
