"""A filter over users (RFC 7644, 3.4.2.2) as a condition: what providers ask, and a sentence for what they don't."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from lms.in_step.scim.models import ProvisionedPerson
from lms.in_step.scim.resources.rules import Employment
from lms.in_step.scim.rules import key_of
from lms.in_step.scim.users.queries import has_name, name_here, number_of
from lms.people.models import Person

Condition = sa.ColumnElement[bool]
NOT_ASKED = (
    "Users are found by id, userName, externalId, displayName, emails, active and employeeNumber, with eq, ne, co, sw, "
    "ew and pr."
)
EMPLOYMENT = str(Employment.__schema__).casefold()


class FilterOfPeople(FilterVisitor[Condition]):
    """Which users a filter means."""

    def visit_logical_expr(self, node: LogicalExpr) -> Condition:
        terms = [self.visit(each) for each in node.terms]
        return sa.and_(*terms) if node.op is LogicalOperator.and_ else sa.or_(*terms)

    def visit_not(self, node: Not) -> Condition:
        return sa.not_(self.visit(node.expr))

    def visit_present(self, node: Present) -> Condition:
        name = _name(node.attr_path)
        return sa.true() if name in ("id", "active") else _texts(name) != ""

    def visit_value_path(self, node: ValuePath) -> Condition:
        raise InvalidFilterException(detail=NOT_ASKED)

    def visit_comparison(self, node: Comparison) -> Condition:
        name, op, value = _name(node.attr_path), node.op, node.value
        if op not in COMPARED:
            raise InvalidFilterException(detail=NOT_ASKED)
        if name == "active":
            return _active(op, value)
        if not isinstance(value, str):
            raise InvalidFilterException(detail=NOT_ASKED)
        if name == "id":
            return _one(op, Person.id == (number_of(value) or 0))
        if name == "username" and op in (CompareOperator.eq, CompareOperator.ne):
            return _one(op, has_name(value))
        compared = value if name in EXACT else key_of(value)
        return COMPARED[op](_texts(name), compared)


EXACT = frozenset({"externalid", "employeenumber"})
COMPARED: Mapping[CompareOperator, Callable[[sa.ColumnElement[str], str], Condition]] = {
    CompareOperator.eq: lambda column, value: column == value,
    CompareOperator.ne: lambda column, value: column != value,
    CompareOperator.co: lambda column, value: column.contains(value, autoescape=True),
    CompareOperator.sw: lambda column, value: column.startswith(value, autoescape=True),
    CompareOperator.ew: lambda column, value: column.endswith(value, autoescape=True),
}


def _name(path: AttrPath) -> str:
    """The name of an attribute as it is compared, without its schema where it needs none."""
    said = path.attr if path.sub_attr is None else f"{path.attr}.{path.sub_attr}"
    name = said.casefold()
    if name == "employeenumber" and (path.uri or "").casefold() != EMPLOYMENT:
        raise InvalidFilterException(detail=NOT_ASKED)
    return "emails" if name == "emails.value" else name


def _texts(name: str) -> sa.ColumnElement[str]:
    texts: dict[str, sa.ColumnElement[str]] = {
        "username": sa.func.coalesce(ProvisionedPerson.user_name_key, sa.func.lower(name_here())),
        "externalid": sa.func.coalesce(ProvisionedPerson.external_id, ""),
        "displayname": sa.func.lower(Person.name),
        "emails": sa.type_coerce(Person.email, sa.Text()),
        "employeenumber": sa.type_coerce(Person.ref, sa.Text()),
    }
    if name not in texts:
        raise InvalidFilterException(detail=NOT_ASKED)
    return texts[name]


def _active(op: CompareOperator, value: Any) -> Condition:
    if not isinstance(value, bool) or op not in (CompareOperator.eq, CompareOperator.ne):
        raise InvalidFilterException(detail=NOT_ASKED)
    is_here = sa.and_(Person.is_here)
    return is_here if value is (op is CompareOperator.eq) else sa.not_(is_here)


def _one(op: CompareOperator, condition: Condition) -> Condition:
    if op not in (CompareOperator.eq, CompareOperator.ne):
        raise InvalidFilterException(detail=NOT_ASKED)
    return condition if op is CompareOperator.eq else sa.not_(condition)
