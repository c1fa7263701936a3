"""Which letters the fonts of documents hold, and how it is said where one is missing. Pure.

lacking(["Ana", "Ꭰ"]) == ("Ꭰ",)

It reads the table beside the fonts, which `bin/fonts.py` wrote.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lms.kit.words import listed

FONTS = Path(__file__).parent.parent / "fonts"
HOLDS = FONTS / "holds.txt"
INSTEAD = "□"
"""What is printed for a letter that no font holds."""
MOST_NAMED = 5
LEADS_TO_A_DOCUMENT = ".pdf"
SIGNS_OF_PAGES = frozenset("⋯✓✕")
"""Of our own templates, in no document."""
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


def lacking_in(value: Any) -> tuple[str, ...]:
    """The same of values as a document takes them."""
    return lacking(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def lacking_on(html: str) -> tuple[str, ...]:
    """Letters of a page that leads to a document, and that no document can print; none of any other page."""
    if html.isascii() or LEADS_TO_A_DOCUMENT not in html:
        return ()
    return lacking(sorted(set(html) - SIGNS_OF_PAGES))


def not_printed(letters: Iterable[str]) -> str:
    """For a page, before somebody prints: ‘“Ꭰ” (Cherokee letter a) cannot be printed. ...’; nothing for none."""
    found = tuple(letters)
    said = _few([f"“{each}” ({_name(each)})" for each in found])
    return (
        f"{said} cannot be printed: in a PDF from here {INSTEAD} stands instead. All else is printed." if said else ""
    )


def box_note(letters: Iterable[str]) -> str:
    """For the document itself."""
    said = _few([_name(each) for each in letters])
    return f"{INSTEAD} stands for what cannot be printed here: {said}." if said else ""


def _few(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], f"{more} other letters"] if more > 0 else names) if names else ""


def _name(letter: str) -> str:
    """As Unicode calls it, by its number where it has no name: "Cherokee letter a", "U+E000"."""
    return unicodedata.name(letter, "").capitalize() or f"U+{ord(letter):04X}"


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
