"""`lms` in a process of its own, without three seconds of imports: a fork of one that has the host imported already.

python -m tests.forks: each line of its input is a command, each line that it answers is how that ended.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
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


def forked(args: list[str], folder: Path, environment: dict[str, str], packages: list[str]) -> tuple[int, str]:
    """How `lms ARGS` ended in this folder and environment, with these packages on the path, and what it said."""
    said = folder / "said-by-lms.txt"
    asked = {"args": args, "folder": str(folder), "environment": environment, "packages": packages, "said": str(said)}
    parent = _parent()
    if parent.stdin is None or parent.stdout is None:
        raise AssertionError("no pipes")
    parent.stdin.write(json.dumps(asked) + "\n")
    parent.stdin.flush()
    code = int(parent.stdout.readline())
    words = said.read_text(encoding="utf-8")
    said.unlink()
    return code, words


def _serve() -> dict[str, Any]:
    """Answer in the parent; come back in a child, with what it is to do."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asked: dict[str, Any] = json.loads(line)
            return asked
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    raise SystemExit


def _become(asked: dict[str, Any]) -> None:
    """As a new process would be."""
    signal.alarm(TOO_LONG)
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
