"""What has been handed over to the mail server and what it took: a line each, written at once beside the database.

Between the server's answer and the database's there is a moment in which a worker may be killed. Its lines outlive it,
and tell of each letter that it had in hand whether it went. They are not forced to the disk: when the machine itself
goes down, some letters count as those that may have arrived.
"""

import logging
import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)
A_FILE = "%Y%m%dT%H"


class HowFar(StrEnum):
    """How far a letter got."""

    HANDED_OVER = "handed-over"  # the server had it to its last byte, and had not answered
    TAKEN = "taken"
    NOT_TAKEN = "not-taken"  # it answered, and not with yes


class Journal:
    """The lines of everybody who delivers out of this instance's folder."""

    def __init__(self, instance: Path) -> None:
        self.folder = instance / "mail-journal"

    @cached_property
    def here(self) -> str:
        """Who claims letters here: the folder's own number, the space of process numbers, and the process."""
        return f"{self._number} {_space()} {os.getpid()}"

    def write(self, mark: HowFar, letter: str, now: datetime) -> None:
        """Add a line. What cannot be written is missing, and nothing else happens: a letter is on its way."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self.folder / f"{now:{A_FILE}}.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, f"{mark} {letter}\n".encode())
            finally:
                os.close(file)
        except OSError:
            logger.warning("The journal of letters cannot be written", exc_info=True)

    def read(self) -> dict[str, HowFar]:
        """How far each letter got that somebody had in hand here."""
        found: dict[str, HowFar] = {}
        for file in self._files():
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                mark, _, letter = line.partition(" ")
                if mark in list(HowFar):
                    found[letter] = HowFar(mark)
        return found

    def forget(self, now: datetime) -> None:
        """Throw away what nobody asks for any more."""
        for file in self._files():
            if file.stem < f"{now - KEPT:{A_FILE}}":
                file.unlink(missing_ok=True)

    def knows(self, claimed_by: str) -> bool:
        """Whether lines of whoever claimed it would be here."""
        return claimed_by.split(" ", maxsplit=1)[0] == self._number

    def is_dead(self, claimed_by: str) -> bool:
        """Whether that was a process here that is no more. Of one elsewhere nobody here can tell."""
        where, _, process = claimed_by.rpartition(" ")
        if where != self.here.rpartition(" ")[0] or not process.isdigit():
            return False
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

    def _files(self) -> Iterable[Path]:
        return sorted(self.folder.glob("*.txt"))

    @cached_property
    def _number(self) -> str:
        """Of this folder, made once. Where nothing can be written there is no journal, and no second round knows it."""
        try:
            return self._kept_number()
        except OSError:
            logger.warning("There is no journal of letters: %s cannot be written", self.folder)
            return secrets.token_hex(8)

    def _kept_number(self) -> str:
        kept = self.folder / "number"
        try:
            return kept.read_text(encoding="ascii")
        except FileNotFoundError:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mine = self.folder / f"number.{secrets.token_hex(8)}"
            mine.write_text(mine.suffix[1:], encoding="ascii")
            mine.chmod(0o600)
            try:
                os.link(mine, kept)  # whoever comes first
            except FileExistsError:
                pass
            finally:
                mine.unlink()
            return kept.read_text(encoding="ascii")


def line_of(letter_id: int, tries: int, claimed_at: datetime) -> str:
    """How a try is called in the journal."""
    return f"{letter_id} {tries} {claimed_at.isoformat()}"


def _space() -> str:
    """In which space the numbers of processes are: two containers count each for itself."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return "-"
