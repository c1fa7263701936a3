"""Impact focus groups, and what we know about a learning point by strength of evidence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person
from reviews.cases.rules import Publication
from reviews.evidence.services import record_evidence
from reviews.evidence.written import EvidenceFound
from reviews.learning.queries import facts_of, findings_of
from reviews.learning.rules import EvidenceKind, PointStatus, Verdict, status_of
from surveys.focus_groups.queries import group_rows
from surveys.focus_groups.services import record_group
from surveys.focus_groups.written import GroupHeld
from surveys.knowing.figures import known_of
from tests.make import Make

SINCE = date(2025, 3, 1)


def held(make: Make, **more: object) -> GroupHeld:
    course = make.course("Safer babies: the first year")
    words = {"questions": "What do you do differently?", "finding": "All of them ask who lives there."}
    return replace(GroupHeld(course.id, date(2026, 1, 12), 7, **words), **more)  # type: ignore[arg-type]


def test_a_group_is_evidence_of_a_learning_point_when_it_met_after_the_change(work: Work, make: Make) -> None:
    point = make.learning_point(ref="LP-1", addressed_since=(SINCE,))
    of_point = held(make, learning_point_id=point.id, verdict=Verdict.PARTLY)
    for wrong, says in (
        ({"people": 4}, "fewer than 5 people"),
        ({"held_on": date(2026, 3, 17)}, "in the future"),
        ({"notes": "Marek Zielony told of it."}, "tick that no one is named"),
        ({"verdict": None}, "what it shows"),
        ({"held_on": date(2025, 2, 1), "verdict": Verdict.EMBEDDED}, "not dated after the change"),
    ):
        with pytest.raises(Invalid, match=says):
            record_group(work, replace(of_point, **wrong))  # type: ignore[arg-type]
    assert group_rows(work.session, work.actor) == []
    record_group(work, replace(of_point, held_on=date(2025, 2, 1), verdict=Verdict.NOT_YET))
    assert status_of(facts_of(point, findings_of(work.session, [point.id])[point.id])) is PointStatus.ADDRESSED
    record_group(work, replace(of_point, notes="Marek Zielony told of it."), names_nobody=True)
    assert status_of(facts_of(point, findings_of(work.session, [point.id])[point.id])) is PointStatus.TESTED
    known = known_of(work, point)
    *stronger, last = known.rungs
    assert not any(each.findings for each in stronger)
    [found] = last.findings
    assert found.source == "Impact focus group, Safer babies, 7 people, Monday 12 January 2026"
    assert [each.source for each in known.before] == [
        "Impact focus group, Safer babies, 7 people, Saturday 1 February 2025"
    ]
    assert known.headline.startswith("The strongest evidence: people say what they did.")
    for kind, title in ((EvidenceKind.OBSERVATION, "Visits"), (EvidenceKind.AUDIT, "Audit")):
        evidence = EvidenceFound(kind, title, date(2025, 9, 1), "Named", Verdict.PARTLY, 31, 40)
        record_evidence(work, point.id, evidence)
    rungs = known_of(work, point).rungs
    assert [len(each.findings) for each in rungs] == [1, 1, 0, 0, 1]
    assert rungs[0].findings[0].figure == "31 of 40 (77.5%)"


def test_an_embargoed_point_has_neither_page_nor_group_for_others(
    work: Work, make: Make, sign_in: Callable[[Person], FlaskClient]
) -> None:
    point = make.learning_point(ref="LP-1", review=make.review(), addressed_since=(SINCE,))
    group = record_group(work, held(make, learning_point_id=point.id, verdict=Verdict.PARTLY))
    page, one = f"/learning/points/{point.id}/what-we-know", f"/impact/groups/{group.id}"
    make.commit()
    chair = sign_in(make.person("Odette Marlingford", roles=(Role.CHAIR,)))
    assert "All of them ask who lives there." in chair.get(page).text
    assert page in chair.get("/learning-points/LP-1").text
    assert "LP-1" in chair.get("/impact/groups").text
    point.review.publication = Publication.EMBARGOED  # type: ignore[union-attr]
    make.commit()
    assert [chair.get(each).status_code for each in (page, one)] == [404, 404]
    assert "LP-1" not in chair.get("/impact/groups").text
    officer = sign_in(make.person("Rosa Thornby", roles=(Role.REVIEW_OFFICER,)))
    assert [officer.get(each).status_code for each in (page, one)] == [200, 200]
    typed = {
        "held_on": "2026-03-12",
        "people": "6",
        "questions": "What do you do?",
        "finding": "They ask.",
    }
    refused = officer.post("/impact/groups/add", data={**typed, "course_id": "0", "learning_point_id": "0"})
    assert refused.status_code == 422  # no course is chosen beforehand
    assert "Choose a course." in refused.text
    assert "They ask." in refused.text
    course = {"course_id": str(group.course_id), "learning_point_id": "0", "names_nobody": "y"}
    assert officer.post("/impact/groups/add", data={**typed, **course}).status_code == 303
