"""The filters above lists of reviews and themes: which types, states and period are meant, in the address."""

from typing import Any

from flask import request
from wtforms.form import BaseForm
from wtforms.validators import Optional

from lms.frame.fields import DayField, SelectField, choices_of
from reviews.cases import words
from reviews.cases.queries import ReviewScope
from reviews.cases.rules import Publication, ReviewType
from reviews.themes.models import Theme


def scope_from_address(themes: list[Theme] | None = None) -> tuple[ReviewScope, Any]:
    """The scope that the address asks for, and the form that shows it. What makes no sense is left out."""
    fields: dict[str, Any] = {
        "type": SelectField(
            "Type",
            default="",
            validate_choice=False,
            choices=choices_of([(t.value, w) for t, w in words.TYPES.items()], ("", "All")),
        ),
        "publication": SelectField(
            "Publication",
            default="",
            validate_choice=False,
            choices=choices_of(
                [(p.value, w) for p, w in words.PUBLICATIONS.items() if p is not Publication.EMBARGOED],
                ("", "All"),
                ("out", "Published, in full or in part"),
            ),
        ),
        "from": DayField("From", [Optional()]),
        "to": DayField("To", [Optional()]),
    }
    if themes is not None:
        fields["theme"] = SelectField(
            "Theme",
            default="",
            validate_choice=False,
            choices=choices_of([(str(t.id), t.name) for t in themes], ("", "All")),
        )
    form = BaseForm(fields)
    form.process(request.args)
    form.validate()
    for name in ("from", "to"):
        form[name].flags.optional = False  # a filter need not say that it may be left empty
    return ReviewScope(
        types=_types(form["type"].data),
        publications=_publications(form["publication"].data),
        theme_id=_number(form["theme"].data) if themes is not None else None,
        from_on=None if form["from"].errors else form["from"].data,
        to_on=None if form["to"].errors else form["to"].data,
    ), form


def _types(chosen: str | None) -> tuple[ReviewType, ...]:
    return tuple(each for each in ReviewType if each.value == chosen)


def _publications(chosen: str | None) -> tuple[Publication, ...]:
    if chosen == "out":
        return (Publication.FULL, Publication.PART)
    return tuple(each for each in Publication if each.value == chosen)


def _number(chosen: str | None) -> int | None:
    return int(chosen) if chosen and chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
