"""A briefing on its way from the one who writes it over two others to everybody, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from lms.frame.access import Role
from lms.people.models import Person
from lms.testing.browsers import browser_of
from tests.browser import served, window
from tests.databases import ON_SQLITE
from tests.make import Make

pytestmark = [pytest.mark.browser, ON_SQLITE]

PASTED = """## Background
An audit of seven agencies.
## Why it matters
Babies cannot tell us.
## What happened
No one asked Kayleigh who helps with the nights.
## What we learned
* We asked once.
## What to do differently
Ask again after every change.
## Questions for your team
## Where to find more
The course on safer babies.
"""
QUESTIONS = "Who lives there?\nWhere did you write it down?\nWhom would you call?"


def test_a_writer_a_second_person_and_the_chair_bring_a_briefing_to_everybody(
    app: Flask, make: Make, chromium: Browser
) -> None:
    writer = make.coordinator()
    checker = make.person("Imogen Thackeray-Lunn", roles=(Role.REVIEW_OFFICER,))
    chair = make.person("Odette Marlingford", roles=(Role.CHAIR,))
    make.learning_point("Ask about every adult")
    cookies = {person.id: cookie_of(app, make, person) for person in (writer, checker, chair)}
    with served(app) as address:

        @contextmanager
        def seen_by(person: Person) -> Iterator[Page]:
            with window(chromium, address, cookies[person.id]) as context:
                page = context.new_page()
                page.goto("/briefings/desk")
                yield page

        with seen_by(writer) as page:
            write(page)
        with seen_by(checker) as page:
            page.get_by_role("link", name=re.compile("Check: Every adult")).click()
            page.get_by_role("button", name="I have checked it").click()
            expect(page.get_by_role("alert").first).to_contain_text("6 are not ticked")
            for box in page.get_by_role("checkbox").all():
                box.check()
            page.get_by_role("button", name="I have checked it").click()
        with seen_by(chair) as page:
            page.get_by_role("link", name=re.compile("Approve: Every adult")).click()
            page.get_by_role("button", name="Approve version 1").click()
            expect(page.get_by_role("alert").first).to_contain_text("Enter the minute")
            page.get_by_label("Minute of the sub-group").fill("7.2 of 3 March")
            page.get_by_role("button", name="Approve version 1").click()
        with seen_by(writer) as page:
            page.get_by_role("link", name=re.compile("Publish: Every adult")).click()
            page.get_by_role("button", name="Publish version 1").click()
            expect(page.get_by_text("The briefing is published.")).to_be_visible()
        with window(chromium, address) as context:
            page = context.new_page()
            page.goto("/briefings")
            page.get_by_role("link", name="Every adult in a baby’s life").click()
            expect(page.get_by_role("heading", level=2)).to_have_count(10)
            expect(page.get_by_text("Approved by the Learning and Improvement sub-group")).to_be_visible()
            expect(page.locator("li strong", has_text="again after every change")).to_be_visible()


def cookie_of(app: Flask, make: Make, person: Person) -> str:
    """The session of somebody who is signed in."""
    uniquifier = make.account(person).fs_uniquifier
    make.commit()
    cookie = browser_of(app, uniquifier).get_cookie("golden_thread")
    assert cookie is not None
    return cookie.value


def write(page: Page) -> None:
    """Paste it, mend it beside its length and what is pointed out, and ask for the check."""
    page.get_by_role("link", name="Write a briefing").click()
    page.get_by_label("Title").fill("Every adult in a baby’s life")
    page.get_by_label("Paste a text").fill(PASTED)
    page.get_by_role("button", name="Begin").click()
    length = page.get_by_label("Length and details")
    expect(length).to_contain_text("Kayleigh, a likely name. Part 3, What happened")
    third = page.get_by_label("Words").nth(2)
    third.fill("No one asked who helps with the nights.")
    expect(length).to_contain_text("We found no likely names, ages or dates")
    fifth = page.get_by_label("Words").nth(4)
    fifth.evaluate("area => area.setSelectionRange(4, 28)")
    page.get_by_role("group", name="Text of Part 5").get_by_role("button", name="Bold").click()
    expect(fifth).to_have_value("Ask **again after every change**.")
    page.get_by_role("button", name="Save and ask for a check").click()
    expect(page.get_by_role("alert").first).to_contain_text("at least 3 questions")
    page.get_by_label("Questions for the team").fill(QUESTIONS)
    page.get_by_text("Which learning is it about?").first.click()
    page.get_by_label(re.compile("Ask about every adult")).check()
    page.get_by_role("button", name="Save and ask for a check").click()
    expect(page.get_by_text("Someone else will check the facts next")).to_be_visible()
