"""What an agency lead pastes from a spreadsheet, line by line: whom of their own people each line means. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rapidfuzz import fuzz

from lms.kit.errors import Invalid
from lms.kit.folding import folded

MOST_LINES = 500
LONGEST_LINE = 300
ALIKE = 85
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "sir", "dame"})
HEADINGS = frozenset(
    {"name", "names", "full name", "first name", "forename", "given name", "last name", "surname", "family name"}
    | {"email", "e mail", "email address", "work email", "work address", "address", "reference", "ref", "job title"}
    | {"title", "role", "job", "post", "team", "department", "staff", "person", "people", "no", "number", "line"}
)

SAME = "The same as line {number}"
NOBODY = "No one at your agency has this name, address or reference. Only your own people can be booked here."
SEVERAL = "{count} of your people have this name. Enter the address or the reference."
TWO_PEOPLE = "This line names more than one of your people: {names}. Give each a line."
HEADING = "A heading, not a person"
ONLY_NAME = "Found by name: no other of your people has it"
MEANT = "Tick if this is who you mean"


@dataclass(frozen=True)
class OwnPerson:
    """One of the lead's own people, as a line may name them."""

    id: int
    name: str
    ref: str
    job_title: str
    addresses: tuple[str, ...]
    left_on: date | None = None

    @property
    def words(self) -> str:
        """Perdita Ashenden, teacher"""
        return ", ".join(filter(None, (self.name, self.job_title)))


@dataclass(frozen=True)
class LineRead:
    """One line: what was typed, who is meant, or who may be (`guess`), and why."""

    number: int
    typed: str
    person: OwnPerson | None = None
    guess: OwnPerson | None = None
    why: str = ""


def lines_typed(text: str) -> list[tuple[int, str]]:
    """Each line that is not empty, by its number. Raises Invalid for none, and for more than can be booked at once."""
    lines = [(number, line.strip()[:LONGEST_LINE]) for number, line in enumerate(text.splitlines(), 1)]
    found = [(number, line) for number, line in lines if line]
    if not found:
        raise Invalid("Paste at least one line.", field="list")
    if len(found) > MOST_LINES:
        words = f"There are {len(found):,} lines. Check at most {MOST_LINES} at a time, and the others after them."
        raise Invalid(words, field="list")
    return found


class OwnPeople:
    """The lead's people, found by address, by reference, by name in any order, and by what is nearly one of these."""

    def __init__(self, people: Iterable[OwnPerson]) -> None:
        self._here: list[tuple[str, OwnPerson]] = []
        self._by_address: dict[str, list[OwnPerson]] = {}
        self._by_ref: dict[str, list[OwnPerson]] = {}
        self._by_name: dict[tuple[str, ...], list[OwnPerson]] = {}
        for each in people:
            if each.left_on is None:
                self._here.append((" ".join(_name_key(each.name)), each))
            for address in each.addresses:
                self._by_address.setdefault(address.lower(), []).append(each)
            self._by_ref.setdefault(each.ref.lower(), []).append(each)
            self._by_name.setdefault(_name_key(each.name), []).append(each)

    def read(self, lines: Sequence[tuple[int, str]], *, accepted: Collection[int] = ()) -> list[LineRead]:
        """Whom each line means. `accepted`: people whom somebody ticked for a line that only nearly names them."""
        found: list[LineRead] = []
        first: dict[int, int] = {}
        for number, typed in lines:
            line = self._line(number, typed)
            if line.guess is not None and line.guess.id in accepted:
                line = LineRead(number, typed, line.guess)
            if line.person is not None and line.person.id in first:
                line = LineRead(number, typed, why=SAME.format(number=first[line.person.id]))
            elif line.person is not None:
                first[line.person.id] = number
            found.append(line)
        return found

    def _line(self, number: int, typed: str) -> LineRead:
        addresses = [each.lower().strip(".") for each in ADDRESS.findall(typed)]
        cells = [each.strip() for each in re.split(r"[\t;]", typed) if each.strip()]
        exact = [each for address in addresses for each in self._by_address.get(address, [])]
        exact = exact or [each for cell in cells for each in self._by_ref.get(cell.lower(), [])]
        by_name = self._named(typed, cells)
        people = list({each.id: each for each in exact}.values())
        if len(people) > 1:  # a shared mailbox: the name says who
            people = [each for each in people if each in by_name] or people
        if len(people) > 1:
            return LineRead(number, typed, why=TWO_PEOPLE.format(names=", ".join(each.name for each in people)))
        if people:
            return LineRead(number, typed, people[0])
        return self._by_name_alone(number, typed, by_name, addresses, cells)

    def _by_name_alone(
        self, number: int, typed: str, by_name: list[OwnPerson], addresses: list[str], cells: list[str]
    ) -> LineRead:
        if len(by_name) > 1:
            return LineRead(number, typed, why=SEVERAL.format(count=len(by_name)))
        if by_name and addresses:
            return LineRead(number, typed, guess=by_name[0], why=f"The address is not one that we know. {MEANT}")
        if by_name:
            return LineRead(number, typed, by_name[0], why=ONLY_NAME)
        if all(folded(cell) in HEADINGS for cell in cells):
            return LineRead(number, typed, why=HEADING)
        guess = self._nearly(typed, addresses)
        return LineRead(number, typed, guess=guess, why=MEANT if guess else NOBODY)

    def _named(self, typed: str, cells: list[str]) -> list[OwnPerson]:
        """Whom a whole line, a cell of it or two cells beside each other name, in any order of the words."""
        parts = [part.strip() for cell in cells for part in cell.split(",") if part.strip()]
        said = [ADDRESS.sub(" ", typed), *cells, *parts, *(f"{one} {other}" for one, other in pairwise(parts))]
        keys = dict.fromkeys(_name_key(each) for each in said)
        return list({each.id: each for key in keys if key for each in self._by_name.get(key, [])}.values())

    def _nearly(self, typed: str, addresses: list[str]) -> OwnPerson | None:
        """The one who is nearest by far, if anybody is near."""
        name = " ".join(_name_key(typed))
        marks = [(_likeness(name, addresses, key, each), each) for key, each in self._here]
        marks = sorted((each for each in marks if each[0] >= ALIKE), key=lambda each: -each[0])
        if not marks or (len(marks) > 1 and marks[1][0] > marks[0][0] - 2):
            return None
        return marks[0][1]


def _likeness(name: str, addresses: list[str], key: str, person: OwnPerson) -> float:
    """From 0 to 100: an address is compared with addresses, a name with names."""
    if not addresses:
        return fuzz.ratio(name, key)
    return max((_alike(one, other.lower()) for one in addresses for other in person.addresses), default=0.0)


def _alike(one: str, other: str) -> float:
    """How alike two addresses are: at another domain, somebody else."""
    (name, _, domain), (others, _, other_domain) = one.rpartition("@"), other.rpartition("@")
    if domain != other_domain:
        return fuzz.ratio(domain, other_domain) if name == others else 0.0
    return fuzz.ratio(name, others)


def _name_key(name: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in folded(name).split() if word not in TITLES))
