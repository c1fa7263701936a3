"""Lines of a letter's head: any text that Unicode knows, in ASCII that every mail program reads back (RFC 2047).

Python folds headers by itself and breaks many names: a comma beside an accent makes two addresses, an encoded word in a
title another header. So words are encoded and folded here, and Python is handed what is finished.
"""

import base64
import re
from collections.abc import Iterator
from email.headerregistry import BaseHeader
from email.policy import Policy
from typing import Any

WIDTH = 76
"""Of a line with an encoded word in it; and of the others, so that there is one rule."""
LONGEST_TEXT = 600
"""Of a title; servers refuse heads that are too long."""

_LONGEST_WORD = 75
_NEARLY_AS_SHORT = 6
"""How much longer readable letters may be than the same in base64."""
_PLAIN = re.compile(r"[!-~]{1,70}(?: [!-~]{1,70})*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=^_`{|}~-]{1,60}(?: [A-Za-z0-9!#$%&'*+/=^_`{|}~-]{1,60})*")
_QUOTABLE = re.compile(r"[ -~]{1,60}")
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def text_line(text: str, *, after: str) -> str:
    """A text as it stands after `Subject`: as it is where that is safe, else in encoded words."""
    short = text[:LONGEST_TEXT].rstrip()
    if not short or (_PLAIN.fullmatch(short) and "=?" not in short):
        return short
    return " ".join(_encoded_words(short, after))


def address_line(name: str, address: str, *, after: str) -> str:
    """One mailbox, `Name <address>`, as it stands after `To`: the whole name as it is, in quotes, or in encoded words.

    Raises UnicodeError for an address whose domain cannot be.
    """
    mailbox = wire_address(address)
    return f"{_phrase(name, after)} <{mailbox}>" if name else mailbox


def wire_address(address: str) -> str:
    """An address with its domain as the wire wants it. Raises UnicodeError for a domain that cannot be."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _phrase(name: str, after: str) -> str:
    if "=?" not in name and _ATOMS.fullmatch(name):
        return name
    if "=?" not in name and _QUOTABLE.fullmatch(name):
        return '"' + re.sub(r'([\\"])', r"\\\1", name) + '"'
    return " ".join(_encoded_words(name, after))


def _encoded_words(text: str, after: str) -> Iterator[str]:
    """The text in pieces of one encoded word each; the first has less room. No letter is cut in two."""
    piece, longest = "", WIDTH - len(f"{after}: ")
    for letter in text:
        if piece and len(_encoded(piece + letter)) > longest:
            yield _encoded(piece)
            piece, longest = "", _LONGEST_WORD
        piece += letter
    yield _encoded(piece)


def _encoded(piece: str) -> str:
    given = piece.encode()
    readable = "".join("_" if each == 32 else chr(each) if each in _SAFE else f"={each:02X}" for each in given)
    short = base64.b64encode(given).decode()
    return f"=?utf-8?q?{readable}?=" if len(readable) < len(short) + _NEARLY_AS_SHORT else f"=?utf-8?b?{short}?="


class ReadyHeader(BaseHeader):
    """A header whose value is what goes on the wire; it is only broken into lines, and only between words."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the value as it is."""
        kwds["decoded"], kwds["parse_tree"] = value, None

    def fold(self, *, policy: Policy) -> str:
        """The lines of the header."""
        first, *words = str(self).split(" ")
        lines = [f"{self.name}: {first}"]
        for word in words:
            if len(lines[-1]) + 1 + len(word) > WIDTH:
                lines.append("")
            lines[-1] += f" {word}"
        return policy.linesep.join(lines) + policy.linesep


class WholeHeader(ReadyHeader):
    """A header that stays one line: one long address, folded or encoded, would not be understood (RFC 8058)."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"
