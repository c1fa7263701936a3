"""`lms` in a process of its own, without three seconds of imports: a fork of one that has the host imported already.

python -m tests.forks: each line of its input is a command, or one to wait for; each line that it answers is
the number of the process, or how it ended.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TOO_LONG = 500


@cache
def _parent() -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.forks"]
    root = Path(__file__).parents[1]
    parent = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    atexit.register(parent.communicate)
    return parent


def forked(
    args: list[str], folder: Path, environment: Mapping[str, str], packages: Sequence[str] = ()
) -> tuple[int, str]:
    """How `lms ARGS` ended in this folder and environment, with these packages on the path, and what it said."""
    process = started(args, folder, environment, packages)
    code = process.wait()
    words = process.words
    process.said.unlink()
    return code, words


@dataclass(frozen=True)
class Started:
    """A command that runs. It writes what it says into the file `said`."""

    id: int
    said: Path

    @property
    def words(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def wait(self) -> int:
        """How it ended."""
        return _ask({"wait_for": self.id})


def started(args: list[str], folder: Path, environment: Mapping[str, str], packages: Sequence[str] = ()) -> Started:
    """`lms ARGS`, which goes on until somebody ends it. Wait for it at the end."""
    said = folder / "said-by-lms.txt"
    said.touch()
    asked = {"args": args, "folder": str(folder), "environment": dict(environment), "packages": list(packages)}
    return Started(_ask({**asked, "said": str(said)}), said)


def _ask(asked: dict[str, Any]) -> int:
    parent = _parent()
    if parent.stdin is None or parent.stdout is None:
        raise AssertionError("no pipes")
    parent.stdin.write(json.dumps(asked) + "\n")
    parent.stdin.flush()
    return int(parent.stdout.readline())


def _serve() -> dict[str, Any]:
    """Answer in the parent; come back in a child, with what it is to do."""
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        if "wait_for" in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait_for"], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                return asked
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    raise SystemExit


def _become(asked: dict[str, Any]) -> None:
    """As a new process would be."""
    signal.alarm(TOO_LONG)
    os.umask(0o022)  # as the habit of most users is
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.path[:0] = asked["packages"]
    sys.argv = ["lms", *asked["args"]]
    nothing, said = os.open(os.devnull, os.O_RDONLY), os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for ours, theirs in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(ours, theirs)


if __name__ == "__main__":
    import wsgi

    _become(_serve())
    wsgi.main()
