"""`lms` or a program in a process of its own, without three seconds of imports: a fork of one that has the host.

python -m tests.forks: each line of its input is a command, or one to wait for; each line that it answers is
the number of the process, or how it ended.
"""

import atexit
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import traceback
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
    sys.path[0:1] = asked["packages"]
    for name in [each for each in sys.modules if each.partition(".")[0] == "tests"]:
        del sys.modules[name]  # a stranger has tests of their own
    nothing, said = os.open(os.devnull, os.O_RDONLY), os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for ours, theirs in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(ours, theirs)


def _do(args: list[str]) -> None:
    """`lms ARGS`; or what Python does with `-c TEXT ARGS` or `-m MODULE ARGS`."""
    match args:
        case ["-c", text, *more]:
            sys.argv = ["-c", *more]
            exec(text, {"__name__": "__main__"})
        case ["-m", module, *more]:
            sys.argv = [module, *more]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case _:
            sys.argv = ["lms", *args]
            wsgi.main()


def _ended(args: list[str]) -> int:
    """How it ended, as Python would say it."""
    try:
        _do(args)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        sys.stderr.write(f"{end.code}\n")
    except BaseException:  # whatever it is, a process says it and ends
        traceback.print_exc()
    else:
        return 0
    return 1


def _leave(code: int) -> None:
    """At once: taking every object of a fork apart, which the system does better, took as long as most commands do."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    import wsgi

    gc.collect()
    gc.freeze()  # what forks never look through, they share
    asked = _serve()
    _become(asked)
    _leave(_ended(asked["args"]))
