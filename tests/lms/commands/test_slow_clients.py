"""Slow connections, more of them than there are threads, do not stop the server."""

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from lms.commands.server import THREADS
from lms.commands.slow_clients import READ_WITHIN_SECONDS, FairSocket
from tests.forks import forked, started

pytestmark = pytest.mark.slow
SLOW = 2 * THREADS + 1
NEVER = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=NEVER)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server as people start it, with two processes."""
    folder = tmp_path_factory.mktemp("served")
    environ = {
        **os.environ,
        "LMS_INSTANCE": str(folder),
        "LMS_DEMO": "0",
        "LMS_MAIL_URL": f"file://{folder}/mailbox",
    }
    assert forked(["init"], folder, environ)[0] == 0
    listens = free_port()
    server = started(["serve", "--port", str(listens)], folder, environ)
    try:
        until = time.monotonic() + NEVER
        while time.monotonic() < until:
            try:
                if health(listens) == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield listens
    finally:
        os.kill(server.id, signal.SIGTERM)
        server.wait()


HEAD = b"GET /health HTTP/1.1\r\nHost: x\r\n"
BODY = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"


@pytest.mark.parametrize("said", [HEAD, BODY], ids=["head", "body"])
def test_more_slow_connections_than_threads_do_not_stop_the_server(port: int, said: bytes) -> None:
    """They drip a byte now and then, in the head or in the body. Each holds a thread for its few seconds, no longer."""
    stop = threading.Event()
    with ExitStack() as opened:
        slow = [opened.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(SLOW)]
        for each in slow:
            each.sendall(said)

        def drip() -> None:
            while not stop.wait(0.5):
                for each in slow:
                    try:
                        each.sendall(b"x")
                    except OSError:
                        continue

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            assert health(port) == 200
        finally:
            stop.set()
            dripping.join()


def test_what_arrives_at_a_fair_rate_is_read_however_long_it_is() -> None:
    ours, theirs = socket.socketpair()
    fair = FairSocket(fileno=ours.detach())
    with fair, theirs:
        fair.begin()
        theirs.sendall(b"x" * 1000)
        before = fair.until
        assert len(fair.recv(4096)) == 1000
        assert fair.until > before
        fair.until = time.monotonic() - 1
        theirs.sendall(b"more")
        assert fair.recv(4096) == b"", "as if the client had hung up"
    assert READ_WITHIN_SECONDS <= 10
