"""What briefings tell others: ids only, told in the transaction in which they became true."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BriefingApproved:
    """A version may be published from now on."""

    briefing_id: int
    version_id: int


@dataclass(frozen=True)
class BriefingPublished:
    """A version is out, and none of this briefing was out just before."""

    briefing_id: int
    version_id: int


@dataclass(frozen=True)
class BriefingCorrected:
    """A new version took the place of the one that was out. Whoever got the old one should be told."""

    briefing_id: int
    old_version_id: int
    new_version_id: int


@dataclass(frozen=True)
class BriefingRecalled:
    """A briefing is withdrawn: no page, feed or file shows any of its versions.

    `version_id` is the one that was out. With `is_embargo`, nothing may name the briefing to anybody: neither its
    title nor why; for everybody but review officers and business managers it does not exist any more.
    """

    briefing_id: int
    version_id: int
    is_embargo: bool
