"""What must be true of policy versions, for `lms check`."""

from collections.abc import Iterator
from itertools import pairwise

from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.policies.queries import versions
from lms.policies.rules import Policy, check_terms


def versions_out_of_order(work: Work) -> Iterator[str]:
    """Versions come into force in the order of their numbers, and every one has terms that can be reckoned with."""
    known = versions(work.session)[::-1]
    for before, after in pairwise(known):
        if after.in_force_from <= before.in_force_from:
            yield f"Version {after.number} of the policy is in force before version {before.number}."
    for version in known:
        try:
            check_terms(Policy.from_terms(version.terms))
        except Invalid as refusal:
            yield f"Version {version.number} of the policy cannot be reckoned with: {refusal.words}"
