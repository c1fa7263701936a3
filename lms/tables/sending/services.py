"""Each night the chosen tables go out as CSV: written whole under another name first, so that nobody reads a half."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from lms.frame.access import Actor, Role
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.tables.queries import downloads_for
from lms.tables.sending.rules import Destination
from lms.tables.services import FileRecord
from lms.tables.words import csv_file

TO, KINDS, KEY, HOSTS = (f"tables.send_{name}" for name in ("to", "kinds", "key", "known_hosts"))
SECONDS = 300
NAME = "nightly tables"


def send_tables(work: Work) -> None:
    """Send the tables that the settings name, as a coordinator's token would see them: nothing under embargo.

    Does nothing where no destination is named. Raises Conflict for a table that is not there, and when it cannot be
    sent: the job says so, and sends again the next night.
    """
    destination: Destination | None = work.setting(TO)
    if destination is None:
        return
    files = _files(work)
    if destination.host:
        _by_sftp(work, destination, files)
    else:
        _into_folder(Path(destination.folder), files)
    work.record("tables sent", FileRecord(destination.host or destination.folder), tables=sorted(files))


def _files(work: Work) -> Mapping[str, str]:
    site = cast(Site, work.site)
    reader = Actor(NAME, roles=frozenset({Role.COORDINATOR}), permissions=site.permissions_of_token(Role.COORDINATOR))
    asks = replace(work, actor=reader)
    there = {each.kind: each for each in downloads_for(site, reader)}
    wanted: tuple[str, ...] = work.setting(KINDS)
    missing = [kind for kind in wanted if kind not in there]
    if missing or not wanted:
        known = ", ".join(sorted(there))
        raise Conflict(f"LMS_TABLES_SEND_KINDS names {', '.join(missing) or 'no table'}. There are: {known}.")
    return {f"{kind}.csv": csv_file(asks, there[kind]) for kind in wanted}


def _into_folder(folder: Path, files: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            _write(folder / f".{name}.part", text).replace(folder / name)
    except OSError as error:
        raise Conflict(f"{folder} cannot be written: {error.strerror}.") from error


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    path.chmod(0o600)
    return path


def _by_sftp(work: Work, to: Destination, files: Mapping[str, str]) -> None:
    """By OpenSSH's own program, with a key and the host's key: nothing is asked, and an unknown host is refused."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            _write(Path(folder) / name, text)
        steps = [f'cd "{to.folder}"', f'lcd "{folder}"']
        for name in files:
            steps += [f'put "{name}" ".{name}.part"', f'-rm "{name}"', f'rename ".{name}.part" "{name}"']
        command = ["sftp", "-b", "-", "-P", str(to.port), "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]
        for option, setting in (("IdentityFile", KEY), ("UserKnownHostsFile", HOSTS)):
            if path := work.setting(setting):
                command += ["-o", f"{option}={path}"]
        try:
            done = subprocess.run(
                [*command, f"{to.account}@{to.host}"],
                input="\n".join(steps) + "\n",
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError as error:
            raise Conflict("There is no program sftp here. Install openssh-client.") from error
        except subprocess.TimeoutExpired as error:
            raise Conflict(f"{to.host} took longer than {SECONDS} seconds.") from error
    if done.returncode:
        raise Conflict(f"{to.host} did not take the tables into {to.folder}: {' '.join(done.stderr.split())[:300]}")
