"""A gunicorn worker whose threads no slow client can keep: what a request says must arrive at a fair rate.

A proxy that buffers (`deploy/nginx.conf`) does this better and belongs before every server that strangers reach. This
is for those who serve without one, and for whoever finds a way past it.
"""

import socket
from time import monotonic
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

READ_WITHIN_SECONDS = 5.0
BYTES_A_SECOND = 16 * 1024
SEND_WITHIN_SECONDS = 60.0


class FairSocket(socket.socket):
    """Reads until a moment that moves on with what arrives; afterwards it reads as if the client had hung up."""

    until = 0.0

    def begin(self) -> None:
        """A request is to be read from now on."""
        self.until = monotonic() + READ_WITHIN_SECONDS

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        left = self.until - monotonic()
        if left <= 0:
            return b""
        self.settimeout(left)
        try:
            data = super().recv(size, flags)
        except TimeoutError:
            return b""
        finally:
            self.settimeout(SEND_WITHIN_SECONDS)
        self.until += len(data) / BYTES_A_SECOND
        return data


class FairWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threads, each of which takes a request from a FairSocket."""

    def handle(self, conn: Any) -> Any:
        if not isinstance(conn.sock, FairSocket):
            conn.sock = FairSocket(fileno=conn.sock.detach())
        conn.sock.begin()
        return super().handle(conn)
