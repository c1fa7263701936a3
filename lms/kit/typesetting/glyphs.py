"""Which letters the fonts of documents hold. Pure: reads the table beside the fonts, which `bin/fonts.py` wrote.

lacking(["Ana", "Ꭰ"]) == ("Ꭰ",)
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent.parent / "fonts"
HOLDS = FONTS / "holds.txt"
INSTEAD = "□"
"""What is printed for a letter that no font holds."""
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the order of what follows: never printed, so that no words are read in another order than kept."""


@cache
def families() -> tuple[str, ...]:
    """Names of the fonts in the order in which a letter is looked for."""
    return tuple(line.split("\t")[0] for line in HOLDS.read_text("ascii").splitlines())


@cache
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Firsts and lasts of the ranges that any font holds, in order."""
    found = sorted(
        (int(first, 16), int(last or first, 16))
        for line in HOLDS.read_text("ascii").splitlines()
        for first, _, last in (each.partition("-") for each in line.split("\t")[1].split())
    )
    firsts, lasts = list[int](), list[int]()
    for first, last in found:
        if lasts and first <= lasts[-1] + 1:
            lasts[-1] = max(lasts[-1], last)
        else:
            firsts.append(first)
            lasts.append(last)
    return tuple(firsts), tuple(lasts)


def is_held(letter: str) -> bool:
    """Whether it can be printed; signs without a shape of their own can."""
    if letter.isascii() or unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"}:
        return True
    firsts, lasts = _ranges()
    place = bisect_right(firsts, ord(letter)) - 1
    return place >= 0 and ord(letter) <= lasts[place]


def lacking(texts: Iterable[str]) -> tuple[str, ...]:
    """Letters that cannot be printed, each once, in the order met."""
    found = (letter for text in texts if not text.isascii() for letter in unicodedata.normalize("NFC", text))
    return tuple(dict.fromkeys(letter for letter in found if not is_held(letter)))


def printed(value: Any) -> Any:
    """The same values with words as they can be printed: composed, an empty box for what no font holds."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_printed, _composed(value)))
    if isinstance(value, Mapping):
        return {key: printed(each) for key, each in value.items()}
    return [printed(each) for each in value] if isinstance(value, list | tuple) else value


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def _printed(letter: str) -> str:
    if letter == "\n":
        return letter
    if letter in "\t\r\v\f\u2028\u2029":
        return " "
    if letter in TURNING or unicodedata.category(letter) == "Cc":
        return ""
    return letter if is_held(letter) else INSTEAD
