"""The table of a lead's people, to take along."""

from collections.abc import Iterator, Mapping

from courses.records.compliance.queries import CourseOf
from courses.records.staff.queries import StaffTable
from lms.kit.figures import Cell
from lms.tables.documents import workbook
from lms.tables.rules import safe_cell, write_csv

ABOUT = ("name", "reference", "email", "agency", "job_title", "kind_of_work")


def staff_workbook(table: StaffTable) -> bytes:
    """As XLSX; what somebody typed is text there, and no formula."""
    return workbook("Who needs which training", _columns(table), _rows(table))


def staff_csv(table: StaffTable) -> str:
    """As CSV, safe from formulas."""
    rows = ({name: str(value) for name, value in row.items()} for row in _rows(table))
    return write_csv(_columns(table), rows)


def _columns(table: StaffTable) -> list[str]:
    return [*ABOUT, *(_column(each) for each in table.courses)]


def _column(course: CourseOf) -> str:
    return safe_cell(f"{course.title} ({course.code})")


def _rows(table: StaffTable) -> Iterator[Mapping[str, Cell]]:
    for row in table.rows:
        about = (row.name, row.ref, row.email, row.agency, row.job_title, row.kind_of_work)
        courses = {
            _column(each): row.needs[each.id].words if each.id in row.needs else "Not required"
            for each in table.courses
        }
        yield {**dict(zip(ABOUT, about, strict=True)), **courses}
