"""Reviews and learning points in and out as CSV files."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from lms.audit.models import AuditEntry
from lms.frame.work import Work
from lms.people.models import Person
from lms.tables.services import import_file
from reviews import checks
from reviews.cases.models import Review
from reviews.cases.rules import Publication, ReviewStage, ReviewType
from reviews.files.tables import IMPORT as REVIEWS
from reviews.learning.models import LearningPoint
from reviews.learning.tables import IMPORT as LEARNING_POINTS
from tests.make import Make

HEAD = "ref,types,title,status,publication,decided_on,published_on,themes\n"
FILE = HEAD + (
    "2019/01,LCSPR,A quiet child,published,full,2019-05-01,2019-11-02,Under 1s;Neglect\n"
    "2019/02,DHR; SCR,Behind a tidy door,published,part,2019-06-01,2020-01-02,Neglect\n"
    "2019/03,rapid review,A fall,decided,none,2019-07-01,,under 1s\n"
    "2019/04,lcspr,Proceedings,under way,embargoed,2019-08-01,,Marrowstone\n"
    "2019/05,Multi-agency audit,Files,,in_progress,,,\n"
)
POINTS = (
    "ref,review_ref,text,themes,agreed_on\n"
    "19-01,2019/01,Ask who lives in the home,Under 1s,2019-12-03\n"
    "19/02,2019/04,Hidden learning,,\n"
    "19-03,,General learning,Neglect,2019-12-03\n"
)
Acting = Callable[[Person], Work]


def test_a_file_comes_in_goes_out_and_repeats_without_change(acting: Acting, officer: Person) -> None:
    work = acting(officer)
    done = import_file(work, REVIEWS, FILE.encode(), save=True)
    assert (done.added, done.problems) == (5, ())
    assert import_file(work, REVIEWS, FILE.encode(), save=True).unchanged == 5
    points = import_file(work, LEARNING_POINTS, POINTS.encode(), save=True)
    assert (points.added, points.problems) == (3, ())
    assert import_file(work, LEARNING_POINTS, POINTS.encode(), save=True).unchanged == 3
    reviews = {review.ref: review for review in work.session.scalars(sa.select(Review))}
    assert reviews["2019/02"].types == [ReviewType.SCR, ReviewType.DHR]
    assert (reviews["2019/03"].stage, reviews["2019/05"].stage) == (ReviewStage.DECISION, ReviewStage.UNDER_WAY)
    assert reviews["2019/04"].publication is Publication.EMBARGOED
    assert list(checks.publication_states(work)) == []
    out = [dict(row) for row in REVIEWS.export(work)]
    assert [row["publication"] for row in out] == ["full", "part", "none", "embargoed", "in_progress"]
    lines = [",".join(f'"{row[column.name]}"' for column in REVIEWS.columns) for row in out]
    again = import_file(work, REVIEWS, (HEAD + "\n".join(lines)).encode(), save=False)
    assert (again.unchanged, again.problems) == (5, ())


def test_an_embargo_comes_and_goes_with_the_file(acting: Acting, officer: Person) -> None:
    work = acting(officer)
    import_file(work, REVIEWS, FILE.encode(), save=True)
    lifted = FILE.replace("under way,embargoed", "published,full")
    done = import_file(work, REVIEWS, lifted.encode(), save=True)
    assert (done.changed, done.problems) == (1, ())
    assert list(checks.publication_states(work)) == []
    import_file(work, REVIEWS, FILE.replace("published,full", "published,embargoed").encode(), save=True)
    assert list(checks.publication_states(work)) == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2019/09,inquest,A title,,full,,,", "types"),
        ("2019/09,scr,A title,asleep,full,,,", "status"),
        ("2019/09,scr,A title,draft,full,,,", "status"),
        ("2019/09,scr,A title,,perhaps,,,", "publication"),
        ("2019/09,scr,Born on 3 May,,full,,,", "title"),
        ("2019/09,scr,A title,,full,yesterday,,", "decided_on"),
    ],
)
def test_what_cannot_be_is_refused_with_its_column(program_work: Work, row: str, column: str) -> None:
    done = import_file(program_work, REVIEWS, (HEAD + row).encode(), save=True)
    assert [(each.row, each.column) for each in done.problems] == [(2, column)]
    assert program_work.session.scalar(sa.select(sa.func.count()).select_from(Review)) == 0


def test_a_learning_point_names_a_review_that_is_there(program_work: Work) -> None:
    done = import_file(program_work, LEARNING_POINTS, POINTS.encode(), save=True)
    assert {each.column for each in done.problems} == {"review_ref"}


def test_a_file_leaves_only_confidential_lines_with_no_title(acting: Acting, officer: Person) -> None:
    work = acting(officer)
    import_file(work, REVIEWS, FILE.encode(), save=True)
    lines = work.session.scalars(sa.select(AuditEntry).where(AuditEntry.record_type == "Review")).all()
    assert len(lines) >= 5
    assert all(line.is_confidential for line in lines)
    assert "Proceedings" not in str([line.details for line in lines])


def test_a_program_imports_but_does_not_export_what_is_embargoed(program_work: Work, make: Make) -> None:
    import_file(program_work, REVIEWS, FILE.encode(), save=True)
    assert import_file(program_work, REVIEWS, FILE.encode(), save=True).unchanged == 5
    import_file(program_work, LEARNING_POINTS, POINTS.encode(), save=True)
    assert len(list(REVIEWS.export(program_work))) == 4
    assert [row["ref"] for row in LEARNING_POINTS.export(program_work)] == ["19-01", "19-03"]
    assert program_work.session.scalar(sa.select(sa.func.count()).select_from(LearningPoint)) == 3
