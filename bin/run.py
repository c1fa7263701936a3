"""`make run`: prepare the installation, then keep web and worker running together until Ctrl-C ends both."""

import argparse
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from dotenv import dotenv_values

LMS = Path(sys.executable).parent / "lms"
SECONDS_TO_FINISH = 20


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--port", type=int, default=8000)
    port = asked.parse_args().port
    assume("LMS_BASE_URL", f"http://localhost:{port}")
    os.environ["PYTHONUNBUFFERED"] = "1"
    stop_when_asked()
    prepare()
    return keep_running([["serve", "--port", str(port)], ["worker"]], port)


def instance() -> Path:
    """The folder of this installation's files."""
    return Path(os.environ.get("LMS_INSTANCE") or Path(__file__).parents[1] / "instance").resolve()


def said(name: str) -> str:
    """What the environment, or the file of settings, says: both go before what is assumed here."""
    return os.environ.get(name) or dotenv_values(instance() / "settings.env").get(name) or ""


def assume(name: str, value: str) -> None:
    """For all that is started here, unless something else is said."""
    if not said(name):
        os.environ[name] = value


def prepare() -> None:
    """Create or upgrade the database; at the first start, invent a partnership. Both are safe to repeat.

    Demonstration mode is assumed only on a database that is empty or holds the demonstration.
    """
    subprocess.run([LMS, "init"], check=True)
    if not said("LMS_DEMO"):
        assume("LMS_DEMO", "1" if fits_demonstration() else "0")
        if os.environ["LMS_DEMO"] == "0":
            print(  # noqa: T201
                "This database holds people of your own, so this starts without the demonstration: no one-click people "
                "and no /mailbox.",
                flush=True,
            )
    if not said("LMS_MAIL_URL"):
        assume("LMS_MAIL_URL", f"file://{instance() / 'mailbox'}")
        if said("LMS_DEMO") != "1":
            print(  # noqa: T201
                f"Letters and codes become files in {instance() / 'mailbox'}: LMS_MAIL_URL names no mail server.",
                flush=True,
            )
    if said("LMS_DEMO") == "1":
        subprocess.run([LMS, "demo", "--if-empty"], check=True)


def fits_demonstration() -> bool:
    """Whether nobody real is in the database."""
    return subprocess.run([LMS, "demo", "--fits"], check=False).returncode == 0


def keep_running(commands: list[list[str]], port: int) -> int:
    """Start all; when one ends, or we are asked to stop, or whoever started us is gone, end the others too."""
    starter = os.getppid()
    children = [subprocess.Popen([LMS, *command]) for command in commands]
    is_told = False
    try:
        while os.getppid() == starter and all(child.poll() is None for child in children):
            if not is_told and answers(port):
                is_told = True
                print(f"Golden Thread is at {said('LMS_BASE_URL')} - Ctrl-C stops it.", flush=True)  # noqa: T201
            time.sleep(0.3)
        return max(abs(child.returncode or 0) for child in children)
    finally:
        end(children)


def answers(port: int) -> bool:
    """Whether the web server is well already."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask each child to finish, and end those that do not."""
    for asked_again in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(asked_again, signal.SIG_IGN)
    for child in children:
        child.terminate()
    until = time.monotonic() + SECONDS_TO_FINISH
    for child in children:
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def stop_when_asked() -> None:
    """Ctrl-C, a closed terminal and a polite kill are all "stop", also where a parent told us to ignore them."""

    def stop(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except subprocess.CalledProcessError as failed:
        raise SystemExit(failed.returncode) from None
