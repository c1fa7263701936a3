"""Which themes a text suggests, by the list of words that the partnership keeps: here, and nowhere else. Pure."""

from collections.abc import Mapping

from lms.kit.folding import folded


def signs_in(typed: str) -> list[str]:
    """The words and phrases of a list, as it was typed: divided by commas or lines."""
    return [each.strip() for each in typed.replace("\n", ",").split(",") if folded(each)]


def suggested(words: str, signs: Mapping[int, str]) -> dict[int, str]:
    """By theme, the first word or phrase of its list that stands in the text, at the beginning of a word."""
    text = f" {folded(words)} "
    found = {
        theme: next((each for each in signs_in(typed) if f" {folded(each)}" in text), "")
        for theme, typed in signs.items()
    }
    return {theme: sign for theme, sign in found.items() if sign}
