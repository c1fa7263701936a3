"""Writing a briefing, asking for its check, and beginning its next version."""

from collections.abc import Callable, Collection

from briefings.permissions import OFFICE
from briefings.text.rules import kept
from briefings.writing import letters, life
from briefings.writing.details.rules import check_never
from briefings.writing.models import Briefing, BriefingPart, BriefingVersion, BriefingWriter
from briefings.writing.queries import (
    find_briefing,
    find_version,
    is_open_to_all,
    people_who_may,
    points_by_id,
)
from briefings.writing.rules import (
    LONGEST_TITLE,
    BriefingKind,
    Part,
    VersionState,
    check_complete,
    check_parts,
)
from briefings.writing.shapes.documents import fit_of
from briefings.writing.shapes.queries import source_of
from briefings.writing.written import VersionWritten
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.letters import Letter


def write_briefing(work: Work, kind: BriefingKind, written: VersionWritten) -> BriefingVersion:
    """Begin a briefing: its first version, a draft."""
    briefing = Briefing(kind=kind, created_at=work.now)
    version = BriefingVersion(
        briefing=briefing, number=1, title="", written_at=work.now, written_by_id=work.actor.person_id
    )
    work.session.add(briefing)
    _apply(work, version, written)
    work.record("briefing written", briefing, is_confidential=True, version=version.number)
    return version


def change_version(work: Work, version_id: int, written: VersionWritten) -> BriefingVersion:
    """Change a version on its way. A check or an approval that it had is gone: they were of other words.

    Raises Invalid when somebody else changed it since this writer read it.
    """
    version = locked_version(work, version_id)
    life.WRITE.check(version.state)
    if version.edition != written.edition:
        raise Invalid(
            "Someone else changed this while you were writing. Copy your words, open the page again and "
            "combine the two."
        )
    version.edition += 1
    back_to_draft(version)
    _apply(work, version, written)
    work.record("briefing changed", version.briefing, is_confidential=True, version=version.number)
    return version


def ask_for_check(work: Work, version_id: int) -> BriefingVersion:
    """The writer is done: everything must be there. Those who may check are told, unless an embargo stands."""
    version = locked_version(work, version_id)
    life.ASK.check(version.state)
    source = source_of(version)
    check_complete(
        version.kind,
        parts=source.parts,
        questions=source.questions,
        words=source.words,
        fits_one_page=fit_of(source).fits,
    )
    check_never(source)
    if _follows_one_that_is_out(version) and not version.correction:
        raise Invalid(
            "Describe what has changed since the last version, as we tell people who got it.", field="correction"
        )
    version.asked_at, version.returned_reason = work.now, ""
    work.record("check of a briefing asked for", version.briefing, is_confidential=True, version=version.number)
    write_to_those(work, version, OFFICE, letters.to_check)
    return version


def begin_version(work: Work, briefing_id: int) -> BriefingVersion:
    """Begin the next version as a copy of the newest. Raises Conflict while one is on its way."""
    briefing = find_briefing(work.session, work.actor, briefing_id)
    work.session.refresh(briefing, with_for_update={"key_share": True})
    newest = briefing.versions[-1]
    if newest.is_open:
        raise Conflict(f"Version {newest.number} is already in progress. Change that one.")
    version = BriefingVersion(
        number=newest.number + 1,
        title=newest.title,
        summary=newest.summary,
        is_public=newest.is_public,
        questions=list(newest.questions),
        written_at=work.now,
        written_by_id=work.actor.person_id,
        parts=[BriefingPart(number=part.number, title=part.title, body=part.body) for part in newest.parts],
        points=list(newest.points),
    )
    briefing.versions.append(version)
    _note_writer(work, version)
    work.record("new version of a briefing begun", briefing, is_confidential=True, version=version.number)
    return version


def discard_version(work: Work, version_id: int) -> Briefing | None:
    """Throw a version on its way away, and the briefing with it when it was the only one; None then."""
    version = locked_version(work, version_id)
    life.DISCARD.check(version.state)
    briefing = version.briefing
    work.record("draft of a briefing thrown away", briefing, is_confidential=True, version=version.number)
    briefing.versions.remove(version)
    work.session.flush()
    if briefing.versions:
        return briefing
    work.session.delete(briefing)
    return None


def locked_version(work: Work, version_id: int) -> BriefingVersion:
    """The version that exists for whoever asks, as it stands now, kept from others until we are done."""
    version = find_version(work.session, work.actor, version_id)
    work.session.refresh(version, with_for_update={"of": BriefingVersion, "key_share": True})
    return version


def _apply(work: Work, version: BriefingVersion, written: VersionWritten) -> None:
    title = kept(written.title)
    if not title:
        raise Invalid("Enter a title.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(f"Shorten the title to {LONGEST_TITLE} characters.", field="title")
    parts = [Part(kept(part.title), kept(part.body)) for part in written.parts]
    check_parts(version.kind, parts)
    version.title, version.summary, version.correction = title, kept(written.summary), kept(written.correction)
    version.questions, version.is_public = [kept(each) for each in written.questions], written.is_public
    by_number = {part.number: part for part in version.parts}
    version.parts = [by_number.get(each) or BriefingPart(number=each) for each in range(1, len(parts) + 1)]
    for row, part in zip(version.parts, parts, strict=True):
        row.title, row.body = part.title, part.body
    version.points = points_by_id(work.session, work.actor, written.point_ids)
    _check_points(version)
    _note_writer(work, version)


def _check_points(version: BriefingVersion) -> None:
    """What has been out is never hidden by a link: learning under embargo gets a briefing of its own."""
    has_been_out = any(each.published_at is not None for each in version.briefing.versions)
    if has_been_out and any(point.review is not None and point.review.is_embargoed for point in version.points):
        raise Invalid(
            "A learning point that you chose is under embargo, and this briefing has been out. "
            "Write a new briefing for it.",
            field="point_ids",
        )


def _note_writer(work: Work, version: BriefingVersion) -> None:
    person_id = work.actor.person_id
    if person_id is not None and person_id not in {each.person_id for each in version.writers}:
        version.writers.append(BriefingWriter(person_id=person_id))
    work.session.flush()


def back_to_draft(version: BriefingVersion) -> None:
    version.state = VersionState.DRAFT
    version.asked_at = version.checked_at = version.checked_by_id = None
    version.approved_at = version.approved_by_id = version.approved_as = None
    version.checklist, version.approved_minute = [], ""


def writer_ids_of(version: BriefingVersion) -> set[int]:
    return {each.person_id for each in version.writers}


def _follows_one_that_is_out(version: BriefingVersion) -> bool:
    return any(each.state is VersionState.PUBLISHED for each in version.briefing.versions)


def write_to_those(
    work: Work,
    version: BriefingVersion,
    roles: Collection[Role],
    letter: Callable[[Work, BriefingVersion, int], Letter],
) -> None:
    """Nobody is written to while an embargo stands: that there is something to read would tell of it."""
    if is_open_to_all(work.session, version.briefing_id):
        for person in people_who_may(work.session, roles, but=writer_ids_of(version) | {work.actor.person_id or 0}):
            work.send(letter(work, version, person.id))
