"""There is no field anywhere for a child's name, date of birth or address."""

import importlib
import inspect
import pkgutil
import re

import reviews
from lms.frame.db import Base
from lms.frame.web import Form

FORBIDDEN = re.compile(
    r"child|birth|dob|born|address|postcode|nhs|upn|initial|surname|forename|first_name|last_name|name"
)
ALLOWED = {
    "learning_theme.name",
    "learning_theme_change.name_before",
    "learning_theme_change.name_after",
    "embargo.set_by_name",
    "learning_release.proposed_by_name",
    "ReviewThemeForm.name",
}
"""Names of themes, and of the professionals who set an embargo or propose to share learning."""


def modules() -> list[str]:
    return [each.name for each in pkgutil.walk_packages(reviews.__path__, "reviews.")]


def test_no_column_is_for_it() -> None:
    for name in modules():
        importlib.import_module(name)
    ours = {mapper.local_table for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("reviews.")}
    columns = {f"{table.name}.{column.name}" for table in ours for column in table.columns}  # type: ignore[attr-defined]
    assert len(columns) > 60
    assert {each for each in columns if FORBIDDEN.search(each.split(".")[1])} - ALLOWED == set()


def test_no_form_asks_for_it() -> None:
    fields = set()
    for name in modules():
        for _, form in inspect.getmembers(importlib.import_module(name), inspect.isclass):
            if issubclass(form, Form) and form.__module__.startswith("reviews."):
                made = [each for each in vars(form) if hasattr(getattr(form, each), "field_class")]
                fields |= {f"{form.__name__}.{each}" for each in made}
    assert len(fields) > 40
    assert {each for each in fields if FORBIDDEN.search(each.split(".")[1])} - ALLOWED == set()
