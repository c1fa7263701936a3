"""What must be true of the partnership's settings, for `lms check`."""

from collections.abc import Iterator

from lms.frame.work import Work
from lms.kit.names import shown_with_why
from lms.kit.telephones import is_telephone
from lms.partnership.queries import the_partnership

NAMES = ("short_name", "rest_of_name", "host_authority", "team_name", "front_door_name", "dpo_name")


def names_that_nobody_has(work: Work) -> Iterator[str]:
    """Names from before there was a rule. They are sent cleaned; correct them in the settings."""
    partnership = the_partnership(work.session)
    for name in NAMES:
        if said := shown_with_why(getattr(partnership, name)):
            yield f"The partnership, {name} {said}"


def telephones_that_are_none(work: Work) -> Iterator[str]:
    """Words that were kept as a telephone before they were refused. Correct them in the settings."""
    partnership = the_partnership(work.session)
    for name in ("team_phone", "front_door_phone"):
        kept = getattr(partnership, name)
        if kept and not is_telephone(kept):
            yield f"The partnership, {name}: {kept!r} is no number."
