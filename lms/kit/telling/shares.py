"""Parts of a whole, such as how many of those whom a course is for are up to date: told, or hidden together. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lms.kit.telling.numbers import HIDDEN, is_small


@dataclass(frozen=True)
class Share:
    """Of so many people, so many are it: of those whom a course is for, those who are up to date."""

    of: int
    valid: int
    is_hidden: bool = False

    @property
    def parts(self) -> tuple[int, int, int]:
        """Whatever a reader could work out."""
        return (self.of, self.valid, self.of - self.valid)

    @property
    def shown(self) -> str:
        """12 of 30, or hidden: which of its parts is small is not said."""
        return HIDDEN if self.is_hidden else f"{self.valid} of {self.of}"


def has_small_part(share: Share) -> bool:
    """Whether a share has a part of 1 to 4 people."""
    return _is_any_small(share.parts)


def hide_small(shares: Sequence[Share], also: Collection[int] = ()) -> list[Share]:
    """Hide every share that has a part of 1 to 4 people, and enough others that their sum does not give one away.

    The total of the column is known to the reader, so what the hidden ones add up to is too. `also`: the places of
    shares that are hidden whatever they are, because a finer table beside this one hides a part of them.
    """
    hidden = {place for place, share in enumerate(shares) if place in also or _is_any_small(share.parts)}
    others = sorted(set(range(len(shares))) - hidden, key=lambda place: (shares[place].of, place))
    while hidden and others and _gives_away([shares[place] for place in hidden]):
        hidden.add(others.pop(0))
    return [replace(share, is_hidden=place in hidden) for place, share in enumerate(shares)]


def _gives_away(hidden: Sequence[Share]) -> bool:
    """A single hidden share is the total less the others; and several together may still be a small number."""
    said = [share for share in hidden if share.of]
    sums = (sum(share.of for share in said), sum(share.valid for share in said))
    return len(said) == 1 or _is_any_small((*sums, sums[0] - sums[1]))


def _is_any_small(parts: Sequence[int]) -> bool:
    return any(is_small(part) for part in parts)
