"""What the processes of one run of tests share: a folder in which all is made once, by whoever needs it first.

Workers of pytest-xdist and programs that tests start find it by the environment. It comes and goes with the run, so
that nothing in it can be older than what is tested.
"""

import atexit
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER = "GOLDEN_THREAD_TESTS"
"""Where the folder is: no setting, since only those who test read it."""

IN_MEMORY, ROOM_FOR_DATABASES = Path("/dev/shm"), 2 * 1024**3  # noqa: S108  (for tests alone)


def quick_folder(kind: str, *, in_memory: bool = True) -> Path:
    """In memory where the machine has room there: making a database for each test takes a quarter of the time."""
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_FOR_DATABASES
    is_quick = in_memory and has_room and os.access(IN_MEMORY, os.W_OK)
    return Path(tempfile.mkdtemp(prefix=f"golden-thread-{kind}-", dir=IN_MEMORY if is_quick else None))


def shared_folder() -> Path:
    """The run's folder. Whoever asks first makes it, for all that it starts too, and takes it away at its end."""
    if FOLDER not in os.environ:
        made = quick_folder("run")
        os.environ[FOLDER] = str(made)
        atexit.register(_take_away, made, os.getpid())
    return Path(os.environ[FOLDER])


def runs_until_the_end(process: int, folder: Path) -> None:
    """Note a program that serves the run: at its end it is ended, and its folder goes with it."""
    (shared_folder() / f"{process}.running").write_text(str(folder))


def _take_away(shared: Path, owner: int) -> None:
    if os.getpid() != owner:  # but a fork of it
        return
    for each in shared.glob("*.running"):
        _end(int(each.stem))
        shutil.rmtree(each.read_text(), ignore_errors=True)
    shutil.rmtree(shared, ignore_errors=True)


def _end(process: int) -> None:
    """At once: what it holds is of no more use."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGQUIT)
        for _ in range(100):
            time.sleep(0.05)
            os.kill(process, 0)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process after another."""
    with (shared_folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The file or folder of this name, which the first who asks makes at the path that `make` is given."""
    there = shared_folder() / name
    if not there.exists():
        with alone(name):
            if not there.exists():
                half = there.with_name(f"half-{os.getpid()}-{name}")
                make(half)
                half.rename(there)
    return there
