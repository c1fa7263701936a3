"""What tells who somebody is, and which of it can be nothing else. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from lms.kit.ordinary_words import are_ordinary
from lms.kit.telephones import numbers_in
from lms.personal_data.mentions.rules import Needles, plain, reads_as_name

MADE_REFERENCE = re.compile(r"[A-Za-z]{1,6}[0-9]{5,}")
"""P00412: of the form that is given out here. What somebody typed as a reference may be a word or a year."""


@dataclass(frozen=True)
class Identity:
    """Names (in all their `spellings`), addresses, references and telephones, now and before, of one person.

    Anybody may have typed anything, so these are no names and numbers yet: `own` and `elsewhere` say which of them
    can be nothing else. `phrases` are those names that stand here for something else, in small plain letters.
    """

    names: frozenset[str] = field(default=frozenset())
    addresses: frozenset[str] = field(default=frozenset())
    refs: frozenset[str] = field(default=frozenset())
    phones: frozenset[str] = field(default=frozenset())
    phrases: frozenset[str] = field(default=frozenset())

    def without(self, others: Collection[str]) -> "Identity":
        """What is left when what belongs to somebody else as well is not counted."""
        theirs = {plain(each) for each in others}
        names, addresses, refs, phones = (
            frozenset(each for each in kind if plain(each) not in theirs)
            for kind in (self.names, self.addresses, self.refs, self.phones)
        )
        return Identity(names, addresses, refs, phones, self.phrases)

    @property
    def whole_names(self) -> frozenset[str]:
        """Names of several words."""
        return frozenset(each for each in self.names if reads_as_name(each))

    @property
    def unmistakable(self) -> frozenset[str]:
        """Those that stand here for nothing else."""
        return frozenset(each for each in self.whole_names if plain(each) not in self.phrases)

    def own(self) -> Needles:
        """What is taken out of what is kept about this person."""
        one_word = {each for each in self.names if " " not in each and each.isalpha()}
        return Needles(
            names=self.unmistakable,
            marks=frozenset({*self.addresses, *self._references}),
            numbers=frozenset(digits for each in self.phones for digits in numbers_in(each)),
            alone=frozenset(
                each for each in one_word if plain(each) not in self.phrases and not are_ordinary({plain(each)})
            ),
            is_strict=False,
        )

    def elsewhere(self, longer: Collection[str] = ()) -> Needles:
        """What is taken out of what others wrote about other things: whole names, and addresses that carry one.

        `longer` are names of others in which one of these stands.
        """
        addresses = {each for each in self.addresses if carries_name(each, self.unmistakable)}
        return Needles(self.unmistakable, frozenset({*addresses, *self._references}), kept=frozenset(longer))

    def to_look_for(self) -> Needles:
        """All that may be meant for this person, for somebody to look at."""
        numbers = frozenset(digits for each in self.phones for digits in numbers_in(each))
        several = frozenset(each for each in self.names if " " in each)
        return Needles(several, frozenset({*self.addresses, *self._references}), numbers, is_strict=False)

    @property
    def _references(self) -> set[str]:
        return {each for each in self.refs if MADE_REFERENCE.fullmatch(each)}


def spellings(name: str) -> set[str]:
    """A name as it was typed, and without a title or place behind it: Zoë O’Neill, DSL is Zoë O’Neill too."""
    return {name, re.split(r"[,(\[]", name, maxsplit=1)[0].strip()}


def carries_name(address: str, names: Collection[str]) -> bool:
    """Whether an address is one person's by its own words: zoe.quill@ is Zoë Quillfeather's, safeguarding@ nobody's."""
    mailbox, _, domain = plain(address).partition("@")
    words = {word for name in names for word in re.split(r"[\s'-]+", plain(name)) if len(word) > 2}
    said = set(re.split(r"[^a-z]+", mailbox))
    return bool(domain) and any(word in said or (len(word) > 4 and word in mailbox) for word in words)
