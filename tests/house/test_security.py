"""What must hold on every page, whoever adds it: nobody sees what is another's, nothing is done without a token."""

from typing import Any

import pytest
from flask import Flask
from limits import parse
from werkzeug.routing import Rule

from lms.limits.limiter import limiter
from tests.house.world import FILE, OTHER_LEAD, STRANGER, World, readable_rules

FOR_EVERYBODY = frozenset(
    {
        "partnership.guide",
        "wishes.book",
        "library.briefing",
        "library.document",
        "library.short",
        "catalogue.course",
        "at_work.back",
        "catalogue.interest",
        "certificates.verified",
        "certificates.verified_by_link",
        "checkin.here",
        "answering.mark",
        "mail.filed",
        "mail.filed_html",
        "team.book",
        "team.check",
    }
)
"""Pages about one thing that everybody who is signed in may open, or every agency's lead for their own agency
(`answering.mark`, `team.book`, `team.check`). `mail.filed` is there in demonstrations only."""

KEYS = frozenset(
    {
        "answers.open_link",
        "answers.stop",
        "comparison.consent",
        "answering.by_link",
        "approvals.by_link",
        "by_letter.pdf",
        "charging.by_link",
        "diary.calendar",
        "lists.leave",
        "acting.booking",
        "acting.calendar",
        "acting.cancel",
        "acting.give",
        "acting.join",
        "acting.manager",
        "acting.move",
        "acting.needs",
        "managers.booking",
        "managers.cannot_come",
        "managers.colleague",
        "wishes.again",
        "wishes.code",
        "offers.by_link",
        "registrations.code",
        "signin.code",
        "staffing.of_agency",
        "workforce.answer",
    }
)
"""Pages whose address is a secret that only its reader has."""

COUNTED = frozenset(
    {
        "answers.answer",
        "answers.open_link",
        "answers.stop",
        "comparison.consent",
        "answering.by_link",
        "approvals.by_link",
        "by_letter.pdf",
        "charging.by_link",
        "diary.calendar",
        "lists.leave",
        "acting.booking",
        "acting.calendar",
        "acting.cancel",
        "acting.give",
        "acting.join",
        "acting.manager",
        "acting.move",
        "acting.needs",
        "managers.booking",
        "managers.cannot_come",
        "managers.colleague",
        "offers.by_link",
        "staffing.of_agency",
        "workforce.answer",
    }
)
"""Links that are the key themselves: wrong ones are counted together, so that nobody guesses for long."""

WITHOUT_TOKEN = frozenset({"lists.leave"})
"""Posted by mail programs for their reader (RFC 8058). The signed link allows nothing else."""


@pytest.mark.slow
@pytest.mark.parametrize("who", [STRANGER, OTHER_LEAD])
def test_a_stranger_opens_no_page_about_somebody_elses_things(sqlite_world: World, who: str) -> None:
    """When this fails for a page of yours: whoever asks must be part of its query, not only of its guard."""
    browser, opened = sqlite_world.browser(who), []
    with_numbers = {rule.endpoint for rule in readable_rules(sqlite_world.app) if rule.arguments}
    for address in sqlite_world.addresses:
        if address.endpoint in with_numbers - FOR_EVERYBODY - KEYS:
            with browser.get(address.url) as answer:
                if answer.status_code not in (302, 303, 403, 404):
                    opened.append(f"{address.url} ({address.endpoint}) answers {answer.status_code} to {who}")
    assert not opened, "\n".join(opened)


@pytest.mark.slow
def test_nothing_is_done_without_a_token_of_ours(own_world: World) -> None:
    """Another site can make a browser post, cookies and all; what it cannot do is read the token from our page."""
    app = own_world.app
    app.config["WTF_CSRF_ENABLED"] = True
    browser, taken = own_world.browser("business_manager"), []
    with app.test_request_context():
        urls = {
            app.url_for(rule.endpoint, **_values(rule)): rule.endpoint
            for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/scim/"))
        }
    for url, endpoint in urls.items():
        answer = browser.post(url, data={"reason": "forged"})
        if answer.status_code != 400 and endpoint not in WITHOUT_TOKEN:
            taken.append(f"{url} answers {answer.status_code}")
    assert len(urls) > 80
    assert taken == []


def _values(rule: Rule) -> dict[str, Any]:
    """1 for each part of the address; of parts that are one of a few words, the first of these."""
    choices = {name: getattr(converter, "items", None) for name, converter in rule._converters.items()}
    return {name: min(words) if words else 1 for name, words in choices.items()}


@pytest.mark.slow
def test_numbers_and_characters_that_nothing_has_are_refused_in_words(own_world: World) -> None:
    """No page breaks, whatever stands in its address."""
    browser, broken = own_world.browser("business_manager"), []
    with own_world.app.test_request_context():
        rules = readable_rules(own_world.app)
        numbers = [rule for rule in rules if "<int:" in rule.rule]
        urls = [own_world.app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 2**31)) for rule in numbers]
        plain = [own_world.app.url_for(rule.endpoint) for rule in rules if not rule.arguments]
    names = ("words", "q", "page", "agency", "person", "person_id", "theme", "course", "month", "from_day", "cursor")
    urls += [f"{url}?{'&'.join(f'{name}=99999999999999999999' for name in names)}" for url in plain]
    for url in urls:
        with browser.get(url) as answer:
            if answer.status_code >= 500:
                broken.append(f"{url} answers {answer.status_code}")
    assert broken == []
    assert browser.get("/people?words=%00").status_code == 400
    assert browser.get("/audit/%00/1").status_code == 400
    assert browser.post("/people/add", data={"name": "A\0B"}).status_code == 400
    assert browser.post("/events/1/capacity", data={"capacity": "9" * 30}).status_code < 500


def test_every_answer_says_what_browsers_may_do_with_it(own_world: World) -> None:
    browser = own_world.browser("coordinator")
    for url in ("/people", "/nowhere", "/health", "/brand.css", "/courses.ics", "/api/v1/openapi.json"):
        with browser.get(url) as answer:
            headers = answer.headers
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], url
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert "camera=()" in headers["Permissions-Policy"]
            assert "Strict-Transport-Security" not in headers, "the address is http:// here"
    own_world.app.config["SESSION_COOKIE_SECURE"] = True
    assert browser.get("/health").headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.slow
def test_what_people_call_themselves_is_never_read_as_a_page(own_world: World) -> None:
    """A name with a script in it, on every page that an office sees."""
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    browser = own_world.browser("delegate")
    typed = {"name": hostile, "job_title": hostile, "phone": "101", "agency": "0", "role_group": "0"}
    page = browser.get("/my/details").text
    agency = page.split('name="agency"')[1].split('selected value="')[1].split('"')[0]
    assert browser.post("/my/details", data={**typed, "agency": agency}).status_code == 303
    office, read = own_world.browser("business_manager"), 0
    one_of_each = {address.endpoint: address.url for address in own_world.addresses}
    for url in (each for each in one_of_each.values() if not FILE.search(each)):
        with office.get(url) as answer:
            if answer.mimetype == "text/html":
                read += "alert(1)" in answer.text
                assert "<script>alert" not in answer.text, url
                assert "<img src=x" not in answer.text, url
    assert read > 3


def test_wrong_links_without_account_are_counted_together(own_world: World) -> None:
    """One wrong link each, then as if the hour's were used up: refused, whichever kind of link it is."""
    app, browser = own_world.app, own_world.app.test_client()
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in COUNTED]
        urls = {rule.endpoint: app.url_for(rule.endpoint, **_wrong(rule)) for rule in rules}
    assert urls.keys() == COUNTED
    posts = {"answers.answer"}
    _storage(app, "reset")
    for number, (endpoint, url) in enumerate(urls.items(), 1):
        answer = browser.post(url) if endpoint in posts else browser.get(url)
        assert answer.status_code == 404, endpoint
        assert _storage(app, "get", WRONG_LINKS) == number, endpoint
    _storage(app, "incr", WRONG_LINKS, 3600, 300)
    for endpoint, url in urls.items():
        answer = browser.post(url) if endpoint in posts else browser.get(url)
        assert answer.status_code == 429, endpoint
    _storage(app, "reset")


WRONG_LINKS = parse("300 per hour").key_for("127.0.0.1", "wrong links")


def _storage(app: Flask, verb: str, *given: Any) -> Any:
    """Ask or tell the store in an application context of its own: no request may run within it."""
    with app.app_context():
        return getattr(limiter.storage, verb)(*given)


def _wrong(rule: Rule) -> dict[str, Any]:
    return {name: 1 if "int:" + name in rule.rule else "guessed" for name in rule.arguments}
