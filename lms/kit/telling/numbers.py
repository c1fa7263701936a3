"""One number of people, as it is told: itself, or only that it is small, or nothing."""

from dataclasses import dataclass

SMALL = 5
"""1 to 4 people are "fewer than 5"."""
FEWER = f"fewer than {SMALL}"
HIDDEN = "hidden"
NOTE = (
    f"Numbers of 1 to {SMALL - 1} people read “{FEWER}”. "
    "Others are hidden where they would let such a number be worked out."
)


def is_small(number: int) -> bool:
    """One to four people."""
    return 0 < number < SMALL


def is_silent(bound: int | None) -> bool:
    """Whether nothing at all is told beside this bound: of one asked, even "fewer than 5" or nobody tells who.

    `bound` is how many it could be at most, where that stands beside it: those asked, an audience. None: no bound.
    """
    return bound is not None and is_small(bound)


def at_least(number: int) -> int:
    """So many at least, in whole fives: what stands where an exact number would tell a small one beside others."""
    return number - number % SMALL


@dataclass(frozen=True)
class Told:
    """A number as it may be told. `number` is None when it is not; `is_small`: at least that it is small is said.

    `within`: what follows from everything else that is told, so that it may be said as well. `out_of`: all but 1 to 4
    of so many.
    """

    number: int | None
    is_small: bool = False
    within: tuple[int, int] | None = None
    out_of: int | None = None

    @property
    def shown(self) -> str:
        """1,478, or fewer than 5, or most of 84, or 42 to 45, or hidden."""
        if self.number is not None:
            return f"{self.number:,}"
        if self.is_small:
            return FEWER
        if self.out_of is not None:
            return most_of(self.out_of)
        return " to ".join(f"{each:,}" for each in self.between) if self.between else HIDDEN

    @property
    def between(self) -> tuple[int, int] | None:
        """Between which numbers it lies, where that says something: not from 5 to 42."""
        return self.within if self.within and self.within[1] <= 2 * self.within[0] else None

    @property
    def cell(self) -> int | str:
        """For a table of data: the number itself, or how it reads."""
        return self.shown if self.number is None else self.number

    @property
    def least(self) -> int:
        """How many it is at least, by how it reads."""
        if self.number is not None or self.is_small:
            return self.number or 0
        return self.out_of - SMALL + 1 if self.out_of is not None else (self.between or (0, 0))[0]

    def of(self, one: str, many: str) -> str:
        """With what it counts: 1 person, 12 people, fewer than 5 people, a hidden number of people."""
        if self.number is not None:
            return f"{self.number:,} {one if self.number == 1 else many}"
        return f"a hidden number of {many}" if self.shown == HIDDEN else f"{self.shown} {many}"

    def of_whole(self, whole: int) -> str:
        """12 of 30, fewer than 5 of 30, most of 30, 18 to 21 of 30, or hidden."""
        return self.shown if self.out_of is not None or self.shown == HIDDEN else f"{self.shown} of {whole:,}"


def told(
    number: int,
    *,
    is_hidden: bool | None = None,
    bound: int | None = None,
    within: tuple[int, int] | None = None,
) -> Told:
    """The number as it is told: hidden where `is_hidden` says so, and otherwise where it is small on its own.

    `within`: between which numbers it must lie for a reader, where that may be said instead.
    """
    hides = (is_small(number) or is_silent(bound)) if is_hidden is None else is_hidden
    if not hides:
        return Told(number)
    return Told(None) if is_silent(bound) else not_told(is_small=is_small(number), within=within)


def not_told(*, is_small: bool, within: tuple[int, int] | None) -> Told:
    """A hidden number, as far as it may be told: itself, where it is not small and follows from the rest anyway."""
    if within is not None and within[0] == within[1] and not is_small:
        return Told(within[0])
    return Told(None, is_small, within)


def as_told(number: int, *, bound: int | None = None) -> str:
    """One number that nothing else adds up to: itself, or "fewer than 5", or hidden beside a bound below 5."""
    return told(number, bound=bound).shown


def most_of(of: int) -> str:
    """Most of 80: what stands where all but 1 to 4 of them are meant, so that nobody subtracts."""
    return f"most of {of:,}"


def few(of: str) -> str:
    """Fewer than 5 answers: what stands where nothing is told of so few, within a sentence."""
    return f"{FEWER} {of}"


def too_few(of: str) -> str:
    """Fewer than 5 people answered: the sentence that stands where a whole table is not told."""
    return f"{FEWER.capitalize()} {of}"
