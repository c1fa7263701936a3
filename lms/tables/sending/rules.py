"""Where tables are sent each night, and which. Pure."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

KIND = re.compile(r"[a-z][a-z-]*", re.ASCII)
ACCOUNT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)


@dataclass(frozen=True)
class Destination:
    """A folder of this machine, or one of another by SFTP."""

    folder: str
    host: str = ""
    account: str = ""
    port: int = 22


def read_destination(typed: str) -> Destination:
    """file:///srv/exports or sftp://golden-thread@files.council.example/incoming. Raises ValueError."""
    parts = urlsplit(typed.strip())
    folder = PurePosixPath(parts.path or "/")
    if parts.query or parts.fragment or parts.password or not typed.strip().isprintable() or '"' in typed:
        raise ValueError
    if parts.scheme == "file" and not parts.netloc and folder != PurePosixPath("/"):
        return Destination(str(folder))
    host, account = parts.hostname or "", parts.username or ""
    if parts.scheme != "sftp" or not ACCOUNT.fullmatch(host) or not ACCOUNT.fullmatch(account):
        raise ValueError
    return Destination(str(folder), host, account, parts.port or 22)


def read_kinds(typed: str) -> tuple[str, ...]:
    """certificates,bookings-and-outcomes. Raises ValueError."""
    kinds = tuple(each.strip() for each in typed.split(",") if each.strip())
    if not all(KIND.fullmatch(each) for each in kinds):
        raise ValueError
    return kinds
