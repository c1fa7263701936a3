"""What reviews and their coverage say in reports, and to who."""

from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from courses.coverage.sections import gather_coverage
from lms.frame.access import Actor, Role, program
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion
from lms.reports.queries import as_reader
from lms.reports.rules import period_of
from reviews.cases.rules import Publication, ReviewType
from reviews.sections import gather_reviews
from tests.make import Make
from tests.moments import NOW

YEARS = ReportQuestion(period_of(date(2024, 1, 1), date(2026, 12, 31)))


def test_reports_tell_reviews_by_type_and_theme_and_never_one_under_embargo(
    app: Flask, make: Make, session: Session
) -> None:
    joint = make.review(types=(ReviewType.LCSPR, ReviewType.DHR), themes=("Neglect", "Under 1s"))
    make.review(themes=("Neglect",))
    hidden = make.review(themes=("Exploitation",), publication=Publication.EMBARGOED)
    make.learning_point(review=joint)
    make.learning_point(review=hidden)
    work = Work(session=session, actor=program("test"), now=NOW, site=app.extensions["lms"])
    reader = as_reader(work)
    content = gather_reviews(reader, YEARS)
    assert {figure.name: figure.value for figure in content.figures} == {"reviews": 2, "learning_points_agreed": 1}
    types, themes = content.tables
    assert {row["type"]: row["reviews"] for row in types.rows} == {ReviewType.LCSPR.value: 2, ReviewType.DHR.value: 1}
    assert {row["theme"]: row["share"] for row in themes.rows} == {"Neglect": "100.0%", "Under 1s": "50.0%"}
    found = {figure.name: figure for figure in gather_coverage(reader, YEARS).figures}
    assert (found["coverage_rate"].shown, found["coverage_gap_not_covered"].value) == ("0.0%", 1)
    assert (found["coverage_gap_not_covered"].rows, found["coverage_rate"].denominator) == ("/learning/coverage", 1)
    roles = frozenset({Role.BUSINESS_MANAGER})
    manager = Actor("manager", 1, roles, work.site.permissions_of(roles))
    told = gather_reviews(Work(session=session, actor=manager, now=NOW, site=work.site), YEARS)
    assert told.figures[0].value == 3
    one_agency = ReportQuestion(YEARS.period, agency_id=1)
    assert gather_reviews(work, one_agency).figures == gather_coverage(work, one_agency).figures == ()
