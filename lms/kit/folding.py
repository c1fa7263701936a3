"""How names and words are compared wherever somebody searches: one folding for the whole house. Pure.

Without accents, capitals, apostrophes and the order of marks: a trainer at the door types what she hears, with the
keys that she has. What is folded once stays so when it is folded again.
"""

import re
import unicodedata
from collections.abc import Iterable

APOSTROPHES = "'’‘‚‛ʼʻʽʾʿˈ`´′‵＇ʹ"
"""All that stands where somebody types an apostrophe. They vanish: O’Dowd is odowd, d’Arcy darcy, women’s womens."""

WITHOUT_PARTS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n"} | {
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
"""Letters that Unicode does not take apart into a plain one and its mark."""

_NO_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_PLAIN = str.maketrans(WITHOUT_PARTS)
_NOT_PLAIN = re.compile("[^0-9a-z]+")


def folded(text: str) -> str:
    """A text as it is compared: words of small plain letters and digits, one space between them."""
    text = text.translate(_NO_APOSTROPHES)
    if text.isascii():
        return _NOT_PLAIN.sub(" ", text.lower()).strip()
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN).translate(_NO_APOSTROPHES)
    return " ".join("".join(_kept(each) for each in unicodedata.normalize("NFKD", letters)).split())


def _kept(letter: str) -> str:
    """Signs of vowels that are written into a word stay in it; marks on a letter and what nobody sees vanish."""
    if letter.isalnum():
        return letter
    kind = unicodedata.category(letter)
    if kind == "Cf" or unicodedata.combining(letter):
        return ""
    return letter if kind in ("Mn", "Mc") else " "


def words_typed(typed: str) -> list[str]:
    """What somebody typed into a search, word by word. Marks between words are none; marks alone find nothing."""
    words = typed.split()
    return [each for each in words if folded(each)] or words


def has_words(text: str, typed: Iterable[str]) -> bool:
    """Whether a text has each of these words, in any order and also within its own words."""
    within = folded(text)
    return all(parts and all(part in within for part in parts) for parts in (folded(word).split() for word in typed))
