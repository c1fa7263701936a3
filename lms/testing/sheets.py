"""Forms as they stand on a page, filled in with what cannot be right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

WRONG = {"email": "no address", "number": "many", "date": "someday", "time": "noon", "datetime-local": "soon"}
NOT_TYPED = {"hidden", "submit", "button", "checkbox", "radio", "file", "password"}
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
"""Forms do not stand inside one another. Reading what stands between them takes longest."""


@dataclass(frozen=True)
class SheetFilled:
    """A form of a page: where it goes, what it holds, and which of it a person would type."""

    action: str
    values: dict[str, list[str]]
    typed: dict[str, str]


def sheets(url: str, html: str) -> Iterator[SheetFilled]:
    """The forms of a page in which something is typed, filled in with what cannot be right."""
    posting = [each for each in FORM.findall(html) if 'method="post"' in each.partition(">")[0].lower()]
    for form in BeautifulSoup("".join(posting), "html.parser").select("form"):
        values: dict[str, list[str]] = {}
        typed: dict[str, str] = {}
        for control in form.select("input[name], textarea[name], select[name]"):
            name, kind = str(control["name"]), _kind(control)
            if kind not in NOT_TYPED | {"select"}:
                typed[name] = WRONG.get(kind, f"typed into {name}")
            values.setdefault(name, []).extend(_chosen(control, kind))
        if typed:
            yield SheetFilled(
                str(form.get("action") or url), values | {name: [text] for name, text in typed.items()}, typed
            )


def faults_of_form(browser: FlaskClient, url: str, sheet: SheetFilled) -> Iterator[str]:
    """Ask a form for nothing, then for the impossible: it answers in words, and nothing typed is lost."""
    for typed in (dict.fromkeys(sheet.typed, ""), sheet.typed):
        answer = browser.post(sheet.action, data=sheet.values | {name: [text] for name, text in typed.items()})
        if answer.status_code >= 500:
            yield f"the form of {url} answers {answer.status_code} to {typed}"
        elif answer.status_code == 422:
            if not answer.text.partition("<title>")[2].startswith("Error: "):
                yield f"the form of {url} refuses {typed} without saying so in the page's title"
            if "There is a problem" not in answer.text:
                yield f"the form of {url} refuses {typed} without its summary"
            held = kept(answer.text)
            lost = {name: text for name, text in typed.items() if text and held.get(name) != text}
            if lost:
                yield f"the form of {url} loses {lost}"


def kept(html: str) -> dict[str, str]:
    """What the controls of an answered page hold."""
    page = BeautifulSoup("".join(FORM.findall(html)), "html.parser")
    inputs = {str(each["name"]): str(each.get("value", "")) for each in page.select("input[name]")}
    return inputs | {str(each["name"]): each.text.strip() for each in page.select("textarea[name]")}


def _kind(control: Tag) -> str:
    if control.name == "input" and control.get("inputmode") in ("numeric", "decimal"):
        return "number"
    return str(control.get("type", "text")) if control.name == "input" else control.name


def _chosen(control: Tag, kind: str) -> list[str]:
    if kind == "select":
        options = control.select("option[selected]") or control.select("option")[:1]
        return [str(option.get("value", option.text)) for option in options]
    if kind == "hidden" or (kind in ("checkbox", "radio") and control.has_attr("checked")):
        return [str(control.get("value", ""))]
    return []
