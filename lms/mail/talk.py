"""A talk with a mail server: smtplib's, that ends when it should and knows how far it got with a letter."""

import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Any

from lms.frame.deadlines import Deadline
from lms.mail.messages import LetterMessage

CONNECTING_SECONDS = 20.0
GO_AHEAD = 354


class Talk(smtplib.SMTP):
    """A talk with a mail server, every step of which has to end before the letter's deadline does.

    `is_secure`: encrypted from the first byte on. `has_all`: the server has the letter to its last byte, which
    `handed_over` is told, and owes us an answer.
    """

    def __init__(self, host: str, port: int, deadline: Deadline, *, is_secure: bool) -> None:
        self.deadline, self.is_secure = deadline, is_secure
        self.letters = 0
        self.code = 0
        self.handed_over: Callable[[], None] | None = None
        self.has_all = False
        super().__init__(host, port, _own_name(deadline))

    @property
    def line(self) -> socket.socket:
        """The line to the server. Raises OSError when it is closed."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        return self.sock

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        """Open the line, which the deadline has in hand, and hear the server's greeting."""
        line = self.deadline.connect(host, port, each=CONNECTING_SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(line, server_hostname=host) if self.is_secure else line
        return self.getreply()

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer, which is remembered."""
        self.code, words = super().getreply()
        return self.code, words

    def send(self, s: Any) -> None:
        """Say something; after the server's "go ahead" it is the letter."""
        is_letter, self.code = self.code == GO_AHEAD, 0
        super().send(s)
        if is_letter:
            self.has_all = True
            if self.handed_over is not None:
                self.handed_over()

    def take(self, message: LetterMessage, handed_over: Callable[[], None]) -> None:
        """Hand a letter over. Raises what smtplib raises."""
        self.handed_over = handed_over
        self.sendmail(message.from_address, [message.to_address], message.content)
        self.letters += 1


def _own_name(deadline: Deadline) -> str:
    """How this machine calls itself to the server: by its full name, which may have to be looked up."""
    return deadline.ask(socket.getfqdn)
