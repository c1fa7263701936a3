"""The headline, read word by word."""

import re
from collections import Counter

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


SAYS = {"is stronger": "stronger", "are stronger": "stronger", "is weaker": "weaker", "are weaker": "weaker",
        "shows no clear change": "no clear change", "show no clear change": "no clear change"}  # fmt: skip


def headline_read(sentence: str) -> tuple[int, Counter[str]]:
    """Of how many practices a headline speaks, and of how many of them it says what: word by word, or it is an error.

    All four practices are stronger three months on. Of six practices, four are stronger three months on and two ...
    """
    if sentence.startswith("Nothing can be said about change yet"):
        return 0, Counter()
    if said := re.fullmatch(r"The one practice compared (.+) three months on\.", sentence):
        return 1, Counter([SAYS[said[1]]])
    if said := re.fullmatch(r"All (\w+) practices (are \w+|show no clear change) three months on\.", sentence):
        number = number_read(said[1])
        return number, Counter({SAYS[said[2]]: number})
    said = re.fullmatch(r"Of (\w+) practices, (.+)\.", sentence)
    if said is None:
        raise ValueError(sentence)
    parts = re.split(r", | and ", said[2])
    if not parts[0].endswith(" three months on"):
        raise ValueError(sentence)
    found: Counter[str] = Counter()
    for part in (parts[0].removesuffix(" three months on"), *parts[1:]):
        number, verb = part.split(" ", 1)
        is_one = verb.split()[0] in ("is", "shows")
        if is_one != (number_read(number) == 1) or SAYS[verb] in found:
            raise ValueError(sentence)
        found[SAYS[verb]] = number_read(number)
    return number_read(said[1]), found


def number_read(words: str) -> int:
    return NUMBERS.index(words) if words in NUMBERS else int(words)
