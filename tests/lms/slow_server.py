"""A machine that hangs or drips: it takes its time at one step of a talk, and nobody can wait that long.

After a while it answers after all, so that a program without a deadline fails its test instead of waiting for ever.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

PATIENCE = 100
"""Pauses of a tenth of a second until it answers after all."""


class How(StrEnum):
    """How it takes its time: in silence, a byte at a time, or line after line that never is the last."""

    HANGS = "hangs"
    DRIPS = "drips"
    CHATTERS = "chatters"


@dataclass
class SlowServer:
    """Listens on a port of its own. `step` is where it is slow, for letters to `bad@` or for everybody."""

    step: str
    how: How
    port: int = 0
    taken: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def answer(self, line: socket.socket, step: str, words: str, *, slowly: bool) -> None:
        """Say it, at once or slowly."""
        if slowly and step == self.step:
            for _ in range(PATIENCE):
                if self.stopped.wait(0.1):
                    return
                if self.how is not How.HANGS:
                    line.sendall(b"2" if self.how is How.DRIPS else f"{words[:3]}-wait\r\n".encode())
        line.sendall(f"{words}\r\n".encode())


@contextmanager
def listening(server: SlowServer, talk: object) -> Iterator[SlowServer]:
    """The server, until the end of the block. `talk` is held with whoever connects."""
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    talks: list[threading.Thread] = []

    def hold(line: socket.socket) -> None:
        try:
            with line:
                talk(server, line)  # type: ignore[operator]
        except OSError:
            return  # the other side has hung up

    def accept() -> None:
        while not server.stopped.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            talks.append(threading.Thread(target=hold, args=(line,), daemon=True))
            talks[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    yield server
    server.stopped.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for each in [accepting, *talks]:
        each.join(5)


def talk_smtp(server: SlowServer, line: socket.socket) -> None:
    """As much SMTP as a letter needs. Slow for letters to bad@; before it knows to who, slow with everybody."""
    file = line.makefile("rb")
    to = ""
    server.answer(line, "banner", "220 slow.example", slowly=True)
    while words := file.readline().decode().strip():
        server.heard.append(words)
        verb = words[:4].upper()
        if verb == "RCPT":
            to = words.partition("<")[2].partition(">")[0]
        if verb == "DATA":
            server.answer(line, "data", "354 go on", slowly=to.startswith("bad"))
            while file.readline() not in (b".\r\n", b""):
                pass
            server.answer(line, "dot", "250 taken", slowly=to.startswith("bad"))
            server.taken.append(to)
        elif verb == "QUIT":
            server.answer(line, "quit", "221 bye", slowly=True)
            return
        else:
            server.answer(line, verb.lower(), "250 fine", slowly=verb != "RCPT" or to.startswith("bad"))


def talk_http(server: SlowServer, line: socket.socket) -> None:
    """Takes a request and answers it, slowly where it was told so."""
    file = line.makefile("rb")
    length = 0
    while (header := file.readline().decode().strip()) != "":
        server.heard.append(header)
        if header.lower().startswith("content-length:"):
            length = int(header.partition(":")[2])
    file.read(length)
    server.answer(line, "status", "HTTP/1.1 200 OK", slowly=True)
    server.answer(line, "headers", "X-Slow: yes", slowly=True)
    line.sendall(b"Content-Length: 2000\r\n\r\n")
    server.answer(line, "body", "x" * 1998, slowly=True)
