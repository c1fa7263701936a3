"""Slow connections, more of them than there are threads, do not stop the server."""

import http.client
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

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


@pytest.fixture(scope="module")
def port(served: tuple[int, Path]) -> int:
    return served[0]


def asked(port: int, path: str) -> str:
    """A new connection each time, so that both processes get some."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=NEVER)
    try:
        connection.request("GET", path, headers={"X-Request-ID": "from-the-proxy"})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=NEVER)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A server as people start it, with two processes: its port, and what it writes down."""
    folder = tmp_path_factory.mktemp("served")
    environ = {
        **os.environ,
        "LMS_INSTANCE": str(folder),
        "LMS_DEMO": "0",
        "LMS_MAIL_URL": f"file://{folder}/mailbox",
        "LMS_MONITORING_METRICS_FROM": "127.0.0.1",
        "LMS_LOG_FORMAT": "json",
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
        yield listens, server.said
    finally:
        os.kill(server.id, signal.SIGTERM)
        server.wait()


def test_the_counts_of_all_processes_are_one_and_each_request_is_a_line(served: tuple[int, Path]) -> None:
    port, said = served
    for _ in range(12):
        asked(port, "/contact?person=amara")
    told = asked(port, "/metrics")
    assert 'golden_thread_requests_total{method="GET",status="200",view="partnership.contact"} 12.0' in told
    assert 'golden_thread_request_seconds_count{view="partnership.contact"} 12.0' in told
    assert "golden_thread_database_up 1.0" in told
    lines = [json.loads(line) for line in said.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    of_requests = [line for line in lines if line["message"] == "request"]
    assert [line["path"] for line in of_requests] == ["/contact"] * 12, "and nothing of what only watches"
    first = of_requests[0]
    assert (first["status"], first["view"], first["request_id"]) == (200, "partnership.contact", "from-the-proxy")
    assert first["statements"] > 0
    assert "amara" not in said.read_text(encoding="utf-8")


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
