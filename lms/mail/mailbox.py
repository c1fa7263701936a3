"""The file mailbox read back: in demonstration mode it shows what really went out, invitations and all."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from heapq import nlargest
from pathlib import Path

NEWEST = 50
_NAME = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True)
class FiledLetter:
    """One .eml file."""

    name: str
    sent_at: datetime
    to: str
    subject: str
    text: str
    html: str
    calendar: str


def newest_letters(folder: Path) -> list[FiledLetter]:
    """The letters that were written last, newest first; those of a rehearsed moment do not cover today's."""
    paths = nlargest(NEWEST, folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    return [letter for path in paths if (letter := filed_letter(folder, path.stem))]


def filed_letter(folder: Path, name: str) -> FiledLetter | None:
    """One letter by the name of its file; None when there is none."""
    path = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=default)
    return FiledLetter(
        name=name,
        sent_at=parsedate_to_datetime(str(message["Date"])),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        calendar=_part(message, "text/calendar"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    found = next((part for part in message.walk() if part.get_content_type() == kind), None)
    return str(found.get_content()) if found else ""
