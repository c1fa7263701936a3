"""How a letter in plain text is laid out: 72 columns, links whole, no stray blank lines."""

import re
import textwrap
from collections.abc import Iterator
from itertools import groupby

WIDTH = 72

_BULLET = re.compile(r"(?:[*-]|\d+[.)]) ")
_SPACES = re.compile(r"[ \t]+")
_WORD = re.compile(r"\S+|\s+")
_LINK = re.compile(r"https?://\S")


def wrap_letter(text: str) -> str:
    """Lay out a letter, each line of which is one paragraph, one bullet or one line of an address.

    Lines stay apart, are wrapped at 72 columns and lose their indentation. A bullet's further lines hang under its
    first word. A link stands on a line of its own and is never broken. Blank lines come one at a time,
    and never between bullets, where loops in templates leave them. Takes no longer for one word than for many.
    """
    lines: list[str] = []
    above, gap = "", False
    for line in (_SPACES.sub(" ", line).strip() for line in text.splitlines()):
        if not line:
            gap = True
            continue
        if gap and lines and not (_BULLET.match(above) and _BULLET.match(line)):
            lines.append("")
        lines.extend(_wrap_line(line))
        above, gap = line, False
    return "\n".join(lines) + "\n"


def _wrap_line(line: str) -> Iterator[str]:
    found = _BULLET.match(line)
    first = found.group() if found else ""
    hanging = " " * len(first)
    words = _WORD.findall(line[len(first) :])
    for _, together in groupby(words, key=lambda word: word if _LINK.search(word) else ""):
        for wrapped in _wrap_words("".join(together).strip(" "), first, hanging):
            yield wrapped
            first = hanging


def _wrap_words(words: str, first: str, hanging: str) -> list[str]:
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
