"""What people tell others: told in the transaction in which it became true."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonLeft:
    """Somebody has left the partnership. What they left behind has been settled: `said` says each thing and how."""

    person_id: int
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeopleLeft:
    """Those who left together, or the one who left alone: told once, after `PersonLeft` of each."""

    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class PersonCameBack:
    """Somebody who had left is here again."""

    person_id: int
