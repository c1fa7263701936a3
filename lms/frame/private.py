"""Files that the service's own user alone can read: made so, and looked at at every start."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from lms.frame.settings import Settings, SettingsError

NOBODY_ELSE = 0o077


def keep_new_files_private() -> None:
    """Whatever this process and its children write from now on is 0600, and folders 0700."""
    os.umask(NOBODY_ELSE)


def close_to_others(settings: Settings) -> None:
    """Take from others what they could read. Raises SettingsError for what is another user's to close."""
    for path in own_files(settings):
        mode = path.stat().st_mode
        if not mode & NOBODY_ELSE:
            continue
        try:
            path.chmod(mode & 0o7777 & ~NOBODY_ELSE)
        except OSError as error:
            raise SettingsError(
                f"{path} can be read by other users of this machine, and belongs to one. Give it to the user who "
                f"starts this service, with `chown` and `chmod go-rwx`."
            ) from error


def own_files(settings: Settings) -> Iterator[Path]:
    """All in the folder of the instance, the SQLite database with what is named after it (its journals, the counts of
    tries, copies beside it), and the mailbox in files. What a link points at is somebody else's business."""
    instance = settings.instance
    kept = [instance, *instance.rglob("*")]
    database = sa.make_url(settings.database_url)
    if database.get_backend_name() == "sqlite" and database.database:
        path = Path(database.database)
        kept += path.parent.glob(f"{glob.escape(path.name)}*")
    mailbox = urlsplit(settings.mail_url)
    if mailbox.scheme == "file":
        folder = Path(mailbox.path)
        kept += [folder, *folder.glob("*.eml")]
    yield from (path for path in dict.fromkeys(kept) if path.exists() and not path.is_symlink())
