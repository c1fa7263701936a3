"""What was charged, as reports tell it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lms.kit.figures import Figure, hidden
from lms.kit.words import pounds
from lms.reports.rules import CHARGES


@dataclass(frozen=True)
class ChargeSums:
    """Pence of charges by what happened to them in a period, and how many they are, by the names of `CHARGES`."""

    pence: Mapping[str, int]
    numbers: Mapping[str, int]


def charge_figures(sums: ChargeSums, hides: Collection[str] = ()) -> list[Figure]:
    """What was charged, in pence; `hides` names what would tell of very few charges."""
    return [
        hidden(f"charges_{name}_pence", title, definition, is_small=False)
        if name in hides
        else Figure(f"charges_{name}_pence", title, sums.pence[name], definition, pounds(sums.pence[name]))
        for name, title, definition in CHARGES
    ]
