"""The charts of the report on impact."""

from lms.kit.charts import Bar, Bars, Dot, Dots, Funnel
from lms.kit.telling.numbers import HIDDEN, too_few
from lms.kit.words import count
from surveys.impact.content.figures import Changes, ChoiceTable
from surveys.impact.reach.figures import ReachFunnel as Reach
from surveys.impact.rules import signed
from surveys.questions.rules import one_decimal

STEPS = ("attended or part attended", "invited", "delivered", "answered")


def funnel_chart(reach: Reach, matched: int) -> Funnel:
    """From everybody who was there to those who answered, each with what was lost on the way."""
    reasons = [
        f"{number} {words}"
        for number, words in (
            (reach.no_address, "have no address"),
            (reach.opted_out, "opted out"),
            (reach.erased, "asked to be erased"),
        )
        if number
    ]
    why = f": {', '.join(reasons)}" if reasons else ""
    not_invited = (
        f"{reach.not_invited:,} {'was' if reach.not_invited == 1 else 'were'} not{why}" if reach.not_invited else ""
    )
    bounced = f"{count(reach.bounced, 'letter')} came back and could not be corrected" if reach.bounced else ""
    is_told = reach.waiting_events < reach.events or not reach.events
    rate = (
        f"{reach.rate} of those delivered"
        if reach.answerable == reach.delivered
        else (f"{reach.rate} of the {reach.answerable:,} delivered at events that can be told")
    )
    people = count(matched, "person", "people")
    matches = f". {people} also answered before: these are the matched people" if matched else ""
    return Funnel(
        "funnel",
        "Who was asked and who answered",
        "Step",
        "People",
        (
            Bar(STEPS[0], reach.attended, f"{reach.attended:,}", "Each person counts once for each event"),
            Bar(STEPS[1], reach.invited, f"{reach.invited:,}", not_invited),
            Bar(STEPS[2], reach.delivered, f"{reach.delivered:,}", bounced),
            Bar(
                STEPS[3],
                reach.answered if is_told else None,
                f"{reach.answered:,}" if is_told else HIDDEN,
                f"{rate}{matches}" if is_told else too_few("of each course so far"),
            ),
        ),
    )


def change_chart(changes: Changes) -> Dots:
    """Before, on the day, three months on, with the interval of the change around the last."""
    then = changes.has_on_the_day
    rows = []
    for practice in changes.practices:
        made = practice.change
        values = [made.before, *([made.on_the_day] if then else []), made.after]
        rows.append(
            Dot(
                practice.words,
                tuple(values),
                tuple("not asked" if value is None else signed(value) for value in values),
                f"{made.shown} ({one_decimal(made.before)} to {one_decimal(made.after)})",
                low=made.before + made.low,
                high=made.before + made.high,
                interval=made.interval,
                is_fall=made.is_fall,
            )
        )
    ends = {(each.low_words, each.high_words) for each in changes.practices}
    return Dots(
        "change",
        f"How much this is true of my work, from 1 to 10. Means of {_people(changes)}",
        "Practice",
        ("Before", "On the day", "Three months on") if then else ("Before", "Three months on"),
        tuple(rows),
        ends=ends.pop() if len(ends) == 1 else ("", ""),
        interval_heading="95% interval of the change",
    )


def _people(changes: Changes) -> str:
    sizes = {each.change.n for each in changes.practices}
    if len(sizes) == 1:
        return count(sizes.pop(), "matched person", "matched people")
    return f"{min(sizes):,} to {max(sizes):,} matched people" if sizes else "matched people"


def choice_chart(table: ChoiceTable) -> Bars:
    """What people chose, as shares of those who answered."""
    bars = [
        Bar(row.words, None, row.shown)
        if row.people is None
        else Bar(row.words, row.people / row.of, f"{row.shown} ({row.share})")
        for row in table.rows
    ]
    title = f"{table.words} ({count(table.of, 'answer')}{', several choices' if table.is_several else ''})"
    return Bars(f"choice-{table.code.replace('.', '-')}", title, "Answer", "People and share", tuple(bars), most=1)
