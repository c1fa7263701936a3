"""Packages that the host has never heard of, as their users have them: installed elsewhere, and used by commands."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lms.frame.db import make_engine
from lms.frame.settings import ROOT
from lms.testing.databases import KINDS
from tests.forks import forked

MADE = ("__pycache__", "build", "*.egg-info")
BESIDE = (".*", "bench", "docs", "instance", "tests")
"""What stands beside a package's source and is none of it."""

QUIETLY = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation", "--no-compile")


def install(source: Path, target: Path) -> None:
    """Install a package as pip does, from a copy, so that nothing is left beside its source."""
    copy = target.parent / f"source-of-{source.name}"
    made, beside = shutil.ignore_patterns(*MADE), shutil.ignore_patterns(*BESIDE)
    shutil.copytree(
        source,
        copy,
        ignore=lambda folder, names: made(folder, names) | (beside(folder, names) if folder == str(source) else set()),
        symlinks=True,
    )
    command = [sys.executable, "-m", "pip", "install", *QUIETLY, "--target", target, copy]
    subprocess.run(command, check=True, capture_output=True)


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    code: int
    said: str


@dataclass(frozen=True)
class Installation:
    """An installation with packages of strangers in `packages`, run by commands in processes of their own."""

    url: str
    folder: Path
    packages: Sequence[Path]
    environment: dict[str, str] = field(default_factory=dict)

    def lms(self, *args: str, plugins: str = "") -> Done:
        """`lms ...` of the host of these tests, with LMS_PLUGINS set, in a process of its own."""
        return self._forked(args, plugins)

    def python(self, *args: str, plugins: str = "") -> Done:
        """A Python of this installation, in its own folder: `-c TEXT` or `-m MODULE`."""
        if not any((each / "wsgi.py").is_file() for each in self.packages if each != ROOT):
            return self._forked(args, plugins)  # the host of these tests, which forks have imported
        command, environment = [sys.executable, *args], self._environment(plugins)
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=500, check=False
        )
        return Done(done.returncode, done.stdout + done.stderr)

    def _forked(self, args: Sequence[str], plugins: str) -> Done:
        packages = [str(each) for each in self.packages]
        return Done(*forked(list(args), self.folder, self._environment(plugins), packages))

    def _environment(self, plugins: str) -> dict[str, str]:
        given = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        return given | {
            "LMS_INSTANCE": str(self.folder),
            "LMS_DATABASE_URL": self.url,
            "LMS_SECRET_KEY": "a key for tests, long enough",
            "LMS_MAIL_URL": f"file://{self.folder / 'mailbox'}",
            "LMS_PLUGINS": plugins,
            "PYTHONPATH": os.pathsep.join(str(each) for each in self.packages),
            "XDG_RUNTIME_DIR": str(self.folder),
            **self.environment,
        }

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """A look at the database itself; what is written is kept."""
        engine = make_engine(self.url)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def tables(self, prefix: str) -> list[str]:
        with self.database() as connection:
            return sorted(name for name in sa.inspect(connection).get_table_names() if prefix in name)


@contextmanager
def migrated(kind: str, folder: Path) -> Iterator[str]:
    """The address of a database that `lms init` made without any stranger, which it does once in a run."""

    def fill(url: str) -> None:
        result = Installation(url, folder, []).lms("init")
        assert result.code == 0, result.said

    databases = KINDS[kind]("migrated", fill)
    with databases.fresh() as url:
        yield url
    databases.stop()


PARKING = ROOT / "tests" / "stranger"
