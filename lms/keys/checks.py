"""What must be true of the secret key."""

from collections.abc import Iterator

from lms.frame.work import Work
from lms.keys.services import stands_under_named


def not_under_named(work: Work) -> Iterator[str]:
    """A database that was brought back, or a key that was changed, without the key of before."""
    if not stands_under_named(work):
        yield (
            "It stands under another key: second factors, drafts and sealed answers cannot be opened. "
            "`lms keys status` says more."
        )
