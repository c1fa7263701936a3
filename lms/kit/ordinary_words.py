"""Words that are ordinary English, or of the field, rather than anybody's name. Pure.

By the frequency lists of zxcvbn, in which each word stands where it is most frequent: as a word, or as a name. Of the
words only the frequent ones are taken: further down stand names that these lists of American names do not know, and
nobody's name may count for less because of where it comes from.
"""

from collections.abc import Set as AbstractSet
from functools import lru_cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from lms.kit.identifying import OF_THE_FIELD

OF_WORDS = ("english_wikipedia", "us_tv_and_film")
FREQUENT = 8_000


def are_ordinary(words: AbstractSet[str]) -> bool:
    """Whether all of these, in small letters, are words for things. "Sign Language" is, "Rose Green" is not."""
    return words <= _ordinary()


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    return OF_THE_FIELD.union(*(FREQUENCY_LISTS[name][:FREQUENT] for name in OF_WORDS))
