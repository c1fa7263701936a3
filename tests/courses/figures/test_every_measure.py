"""Every measure is known to those who hide small numbers; one that nobody listed is hidden."""

from courses.figures.protected.figures import BEHIND, OF_NOBODY, _figures
from courses.figures.rules import Counts, amounts, quality
from courses.figures.small.rules import YEAR, Reader, Untold
from lms.kit.figures import count


def test_every_measure_says_whose_numbers_it_tells() -> None:
    """When this fails for a measure of yours: list the numbers of people behind it, or that it counts none."""
    names = [each.name for each in (*amounts(Counts(), []), *quality(Counts(), 0))]
    assert set(names) == BEHIND.keys() | OF_NOBODY
    assert BEHIND.keys() & OF_NOBODY == set()


def test_a_measure_that_nobody_listed_is_hidden() -> None:
    reader = Reader(Untold({}), YEAR)
    unknown, known = count("fainted", "Fainted", 7, "Who fainted."), count("places_offered", "Places", 7, "Places.")
    told = {each.name: each.value for each in _figures([unknown, known], Counts(), reader)}
    assert told["places_offered"] == 7
    assert told["fainted"] != 7
