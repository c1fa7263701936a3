"""How a letter in plain text is laid out: 72 columns, links whole, no stray blank lines."""

import re
import textwrap
from collections.abc import Iterator

WIDTH = 72

_BULLET = re.compile(r"(?:[*-]|\d+[.)]) ")
_SPACES = re.compile(r"[ \t]+")
_LINK = re.compile(r"(\S*https?://\S+)")


def wrap_letter(text: str) -> str:
    """Lay out a letter, each line of which is one paragraph, one bullet or one line of an address.

    Lines stay apart, are wrapped at 72 columns and lose their indentation. A bullet's further lines hang under its
    first word. A link stands on a line of its own and is never broken. Blank lines come one at a time,
    and never between bullets, where loops in templates leave them.
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
    for part in _LINK.split(line[len(first) :]):
        for wrapped in _wrap_words(part.strip(" "), first, hanging):
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
