"""What an identity provider says of people, done as another system's rows are: joiners, movers, leavers."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.in_step.people.queries import MANAGE, codes_led
from lms.in_step.people.services import take_person
from lms.in_step.scim.models import ProvisionedPerson
from lms.in_step.scim.resources.rules import Employment, ScimPerson
from lms.in_step.scim.rules import (
    MERGED,
    SEVERAL_AGENCIES,
    TAKEN,
    NamesGiven,
    check_text,
    key_of,
    name_of,
)
from lms.in_step.scim.users.queries import (
    gone_person,
    has_name,
    named_live,
    provisioned,
    user_row,
    users,
)
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.people.queries import new_ref, person_by_ref


class HadByAnother(Conflict):
    """Somebody else has what only one may have."""


def add_user(work: Work, user: ScimPerson) -> int:
    """Somebody new, or somebody whom the provider had deleted: then the same person is back. Answers their id.

    Raises HadByAnother, and whatever another system's row is refused for.
    """
    user_name = _user_name(user)
    number = check_text(_number(user), "employeeNumber")
    person = _who_was_gone(work, user_name, number)
    is_new = person is None
    ref = (number or new_ref(work.session)) if person is None else person.ref
    was = NamesGiven("", "", "") if person is None else NamesGiven(person.name, "", "")
    row = {"ref": ref, "name": name_of(_names(user), was=was, user_name=user_name), "email": _email(user)}
    row["left_on"] = "" if user.active is not False else _today(work)
    if is_new:
        row |= _only_agency(work)
    elif person is not None and person.left_on is not None and user.active is False:
        del row["left_on"]
    take_person(work, row, save=True)
    added = person_by_ref(work.session, ref)
    _note(work, added, user, user_name)
    return added.id


def change_user(work: Work, user: ScimPerson) -> None:
    """What differs from the record. An address, a leaver or a returner of an entrusted record is refused."""
    person, named, shown = user_row(work.session, work.actor, user.id or "")
    user_name = _user_name(user)
    if key_of(user_name) != key_of(shown):
        _check_free(work, user_name)
    was = NamesGiven(person.name, named.given_name if named else "", named.family_name if named else "")
    row = {"ref": person.ref}
    name = name_of(_names(user), was=was, user_name=shown)
    if name != person.name:
        row["name"] = name
    if _email(user).lower() != person.email:
        row["email"] = _email(user)
    if user.active is not None and user.active != (person.left_on is None):
        row["left_on"] = "" if user.active else _today(work)
    if len(row) > 1:
        take_person(work, row, save=True)
    _note(work, person, user, user_name)


def delete_user(work: Work, user_id: str) -> None:
    """They have left, and the provider finds nobody any more. Who it was stays, with their history."""
    person, named, shown = user_row(work.session, work.actor, user_id)
    if person.left_on is None:
        take_person(work, {"ref": person.ref, "left_on": _today(work)}, save=True)
    if named is None:
        named = _named(work, person, shown)
    named.gone_at = work.now
    work.record("deleted by an identity provider", person)


def _who_was_gone(work: Work, user_name: str, number: str) -> Person | None:
    """Whom the provider deleted under this name or number. Raises HadByAnother where somebody has one of them now."""
    _check_free(work, user_name)
    if number:
        there = work.session.scalar(sa.select(Person).where(Person.ref == number))
        back = gone_person(work.session, work.actor, Person.ref == number)
        if there is not None and back is None:
            raise HadByAnother(TAKEN.format(what="employeeNumber"))
        if back is not None:
            return back
    return gone_person(work.session, work.actor, ProvisionedPerson.user_name_key == key_of(user_name))


def _check_free(work: Work, user_name: str) -> None:
    other = named_live(work.session, user_name)
    if other is not None and other.person.merged_into_id is not None:
        raise HadByAnother(MERGED.format(id=other.person.merged_into_id))
    if other is not None or work.session.execute(users(work.actor).where(has_name(user_name)).limit(1)).first():
        raise HadByAnother(TAKEN.format(what="userName"))


def _only_agency(work: Work) -> dict[str, str]:
    """A token of one agency brings its people; the groups say it for all others."""
    if work.actor.may(MANAGE):
        return {}
    codes = codes_led(work.session, work.actor)
    if len(codes) != 1:
        raise Invalid(SEVERAL_AGENCIES)
    return {"agency_code": next(iter(codes))}


def _note(work: Work, person: Person, user: ScimPerson, user_name: str) -> None:
    """What the provider calls them."""
    named = provisioned(work.session, person.id) or _named(work, person, user_name)
    named.user_name, named.user_name_key, named.gone_at = user_name, key_of(user_name), None
    named.external_id = check_text(user.external_id or "", "externalId")
    names = _names(user)
    named.given_name = check_text(names.given, "givenName")
    named.family_name = check_text(names.family, "familyName")
    work.session.flush()


def _named(work: Work, person: Person, user_name: str) -> ProvisionedPerson:
    named = ProvisionedPerson(
        person_id=person.id, user_name=user_name, user_name_key=key_of(user_name), created_at=work.now
    )
    work.session.add(named)
    return named


def _user_name(user: ScimPerson) -> str:
    name = check_text(user.user_name or "", "userName")
    if not name:
        raise Invalid("userName is needed.", field="userName")
    return name


def _names(user: ScimPerson) -> NamesGiven:
    parts = user.name
    given = (parts.given_name or "").strip() if parts else ""
    family = (parts.family_name or "").strip() if parts else ""
    return NamesGiven((user.display_name or "").strip(), given, family)


def _email(user: ScimPerson) -> str:
    """The primary address, else that of work, else the first."""
    given = [each for each in user.emails or [] if each.value and each.value.strip()]
    ranked = sorted(given, key=lambda each: (not each.primary, (each.type or "").casefold() != "work"))
    return (ranked[0].value or "").strip() if ranked else ""


def _number(user: ScimPerson) -> str:
    employment = user[Employment]
    return (employment.employee_number or "") if employment is not None else ""


def _today(work: Work) -> str:
    return london_date(work.now).isoformat()
