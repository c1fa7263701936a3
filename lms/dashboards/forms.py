"""What a page of figures was asked: period, agency, types; read from its address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from lms.kit.errors import Invalid
from lms.kit.figures import Period, ReportQuestion
from lms.reports.rules import financial_year, financial_year_of, period_of

FORMAT = "Enter both dates, the first and the last day."


@dataclass(frozen=True)
class FiguresAsked:
    """The question, and what is wrong with what was typed."""

    question: ReportQuestion
    problem: str = ""


def asked_of(args: "MultiDict[str, str]", today: date) -> FiguresAsked:
    """This financial year, unless something else was asked."""
    now = financial_year(financial_year_of(today))
    try:
        period = _period(args) or now
    except Invalid as refusal:
        return FiguresAsked(ReportQuestion(now), refusal.words)
    return FiguresAsked(
        ReportQuestion(
            period,
            args.get("agency", type=int),
            bool(args.get("as_now")),
            tuple(filter(None, args.getlist("only"))),
            tuple(filter(None, args.getlist("apart"))),
        )
    )


def _period(args: "MultiDict[str, str]") -> Period | None:
    chosen = args.get("period", "")
    first, last = chosen.split("_", 1) if "_" in chosen else (args.get("from", ""), args.get("to", ""))
    if not first and not last:
        return None
    try:
        return period_of(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise Invalid(FORMAT) from None


def period_key(period: Period) -> str:
    """A period as the value of a choice."""
    return f"{period.from_on.isoformat()}_{period.to_on.isoformat()}"


def choices(periods: Sequence[Period]) -> list[tuple[str, str]]:
    """Periods as choices."""
    return [(period_key(each), each.words[:1].upper() + each.words[1:]) for each in periods]
