"""What tells who a person is, and nobody and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.audit.models import AuditEntry
from lms.frame.tables_there import tables_there
from lms.frame.work import Work
from lms.mail.questions import OwnAddresses
from lms.partnership.models import Partnership
from lms.people.models import Person, PersonAddress
from lms.people.queries import ids_of
from lms.personal_data.mentions.queries import (
    MentioningRow,
    is_link,
    kept_columns,
    phrases_among,
    rows_naming,
    texts_in,
)
from lms.personal_data.mentions.rules import Excerpts, Named, Needles, Piece, excerpts_of, plain
from lms.personal_data.rules import Identity, carries_name, spellings

NOT_SHOWN: Excerpts = ((Piece("Only a few people can read these words, so they are not shown here."),),)


def records_of(session: Session, person_id: int) -> list[int]:
    """Every record that was merged into a person's, and their own last."""
    return ids_of(session, person_id)[::-1]


def identity_of(work: Work, person_id: int) -> Identity:
    """All names, addresses, references and numbers of a person, those of before and of merged records too."""
    session, ids = work.session, records_of(work.session, person_id)
    people = list(session.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id)))
    further = session.scalars(sa.select(PersonAddress.address).where(PersonAddress.person_id.in_(ids))).all()
    before = list(_before(session, ids))
    typed = _some(*(each.name for each in people), *(each.get("name") for each in before))
    names = _some(*(each for name in typed for each in spellings(name)))
    return Identity(
        names=names,
        addresses=_some(*(each.email for each in people), *further, *(each.get("email") for each in before)),
        refs=_some(*(each.ref for each in people)),
        phones=_some(*(each.phone for each in people), *(each.get("phone") for each in before)),
        phrases=phrases_among(work, names),
    )


def _before(session: Session, ids: list[int]) -> Iterator[dict[str, Any]]:
    """What the audit says was changed about the person."""
    lines = sa.select(AuditEntry.details).where(AuditEntry.record_type == "Person", AuditEntry.person_id.in_(ids))
    for details in session.scalars(lines.order_by(AuditEntry.id)):
        if isinstance(details.get("before"), dict):
            yield details["before"]


def _some(*values: Any) -> frozenset[str]:
    return frozenset(each.strip() for each in values if isinstance(each, str) and each.strip())


def of_others_too(session: Session, identity: Identity, person_id: int) -> set[str]:
    """Which of it is somebody else's as well: a namesake, a shared mailbox, the team's own address."""
    own = {plain(each): each for each in (*identity.names, *identity.addresses, *identity.phones)}
    others = _others(session, person_id)
    rows = session.execute(sa.select(Person.name, Person.email, Person.phone).where(others)).all()
    theirs = {each for row in rows for each in row if each} | {each for row in rows for each in spellings(row.name)}
    theirs |= set(session.scalars(sa.select(PersonAddress.address).join(Person).where(others)))
    theirs |= set(session.scalars(sa.select(Agency.charge_email)))
    theirs |= {
        each for row in session.execute(sa.select(Partnership.team_email, Partnership.team_phone)) for each in row
    }
    return {own[each] for each in {plain(each) for each in theirs} & own.keys()}


def own_identity_of(work: Work, person_id: int) -> Identity:
    """What tells who this person is, and nobody else."""
    whole = identity_of(work, person_id)
    return whole.without(of_others_too(work.session, whole, person_id))


def say_addresses(work: Work, asked: OwnAddresses) -> frozenset[str]:
    """For letters without a record: zoe.quill@ is Zoë Quillfeather's, safeguarding@ a team's."""
    own = own_identity_of(work, asked.person_id)
    return frozenset(each for each in own.addresses if carries_name(each, own.whole_names))


def longer_names_of_others(session: Session, identity: Identity, person_id: int) -> list[str]:
    """Names of others in which one of this person's stands: Ann Lee Brook, beside Ann Lee."""
    short = Needles(identity.unmistakable, is_strict=False)
    names = session.scalars(sa.select(Person.name).where(_others(session, person_id)).distinct()).all()
    return [
        name for name in names if any(True for _ in short.spans(name)) and plain(name) not in map(plain, short.names)
    ]


@dataclass(frozen=True)
class Mentions:
    """Where a person is named beyond their own rows.

    `texts` lose those words when the person is erased; `places` keep theirs, so somebody looks at them.
    """

    texts: tuple[Named, ...]
    places: tuple[Named, ...]
    taken: Needles

    @property
    def words(self) -> list[str]:
        """What the texts lose."""
        meant = {
            plain(piece.words) for text in self.texts for some in text.excerpts for piece in some if piece.is_meant
        }
        return sorted(each for each in self.taken.names | self.taken.marks if plain(each) in meant)


def mentions_of(work: Work, person_id: int) -> Mentions:
    """Every text of every plugin that names a person, but for their own rows."""
    ids, own = records_of(work.session, person_id), own_identity_of(work, person_id)
    taken = own.elsewhere(longer_names_of_others(work.session, own, person_id))
    meant = own.to_look_for()
    texts: list[Named] = []
    places: list[Named] = []
    for table in tables_there(work.session):
        kept = kept_columns(work.site.written, table)
        what = next((each.words for each in work.site.written if each.table == table.name), "")
        for row in rows_naming(work.session, table, taken | meant, ids):
            for column, value in row.texts.items() if not row.is_own else ():
                is_kept = column in kept or is_link(column)
                found = () if is_kept or _says_who_did_it(row, value, taken) else excerpts_of(texts_in(value), taken)
                if found:
                    texts.append(Named(table.name, column, row.key, _shown(work, table, found)))
                elif is_kept or not row.by_them:
                    looked = excerpts_of(texts_in(value), meant)
                    places += [Named(table.name, column, row.key, _shown(work, table, looked), what)] if looked else []
    return Mentions(tuple(texts), tuple(places), taken)


def _says_who_did_it(row: MentioningRow, value: Any, needles: Needles) -> bool:
    """The name beside the number of who did it goes with what they did."""
    return row.by_them and isinstance(value, str) and needles.is_alone(value)


def _shown(work: Work, table: sa.Table, found: Excerpts) -> Excerpts:
    """The words, unless only few may read them."""
    hidden = any(table.name in part.not_shown for part in work.site.personal_data)
    return NOT_SHOWN if hidden else found


def _others(session: Session, person_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(Person.id.not_in(records_of(session, person_id)), Person.erased_at.is_(None))
