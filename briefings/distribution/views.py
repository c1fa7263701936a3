"""Sending a briefing: choose, look at the number and a sample, confirm; and standing orders, in the same way."""

from flask import Blueprint, request

from briefings.distribution import services
from briefings.distribution.drawing.queries import choices, draw, sample_of
from briefings.distribution.forms import WEEKDAYS, AudienceForm, OrderForm, SendForm, seen
from briefings.distribution.queries import live_orders
from briefings.distribution.rules import Audience, Trigger
from briefings.distribution.services import OrderWritten
from briefings.distribution.words import said_audience
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import find_published
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.words import count, moment

bp = Blueprint("distribution", __name__)


@bp.route("/briefings/<int:briefing_id>/send", methods=["GET", "POST"])
@requires("briefings.send")
def send(briefing_id: int) -> Answer:
    """The choices stand in the address, so that looking changes nothing and the count can be looked at again."""
    version = find_published(work().session, work().actor, briefing_id)
    audience_form = _audience_form()
    form = SendForm()
    if form.validate_on_submit():
        with form.refusals():
            due_at = form.due_at
            sending = services.plan_sending(
                work(), briefing_id, audience_form.audience, confirmed=seen(form), due_at=due_at
            )
            people = count(sending.confirmed_people, "person", "people")
            say(f"Planned for {moment(due_at)}: {people}." if due_at else f"On its way to {people}.")
            return back_to("returns.of_briefing", briefing_id=briefing_id)
    return _page("briefings/distribution/send.html", version, audience_form, form)


@bp.post("/briefings/sendings/<int:sending_id>/cancel")
@requires("briefings.send")
def cancel(sending_id: int) -> Answer:
    sending = services.cancel_sending(work(), sending_id)
    say("Cancelled. Nothing was sent.")
    return back_to("returns.of_briefing", briefing_id=sending.briefing_id)


@bp.get("/briefings/orders")
@requires("briefings.send")
def orders() -> Answer:
    """What goes by itself."""
    session = work().session
    rows = [(order, said_audience(session, Audience.from_json(order.audience))) for order in live_orders(session)]
    return page("briefings/distribution/orders.html", rows=rows, weekdays=WEEKDAYS)


@bp.route("/briefings/orders/new", methods=["GET", "POST"])
@requires("briefings.send")
def order() -> Answer:
    audience_form, form = _audience_form(), OrderForm()
    if form.validate_on_submit():
        with form.refusals():
            written = OrderWritten(
                name=form.name.data,
                audience=audience_form.audience,
                trigger=Trigger(form.trigger.data),
                weekday=form.weekday.data,
                at=form.at.data,
            )
            services.make_order(work(), written, confirmed=seen(form))
            say("Briefings will now be sent by this standing order.")
            return back_to("distribution.orders")
    return _page("briefings/distribution/order.html", None, audience_form, form)


@bp.post("/briefings/orders/<int:order_id>/end")
@requires("briefings.send")
def end(order_id: int) -> Answer:
    services.end_order(work(), order_id)
    say("It will not send any more.")
    return back_to("distribution.orders")


def _audience_form() -> AudienceForm:
    return AudienceForm(request.args).offer(choices(work().session))


def _page(
    template: str, version: BriefingVersion | None, audience_form: AudienceForm, form: SendForm | OrderForm
) -> Answer:
    is_chosen = "show" in request.args
    drawn = draw(work().session, version, audience_form.audience) if is_chosen else None
    if drawn is not None:
        form.confirmed.data = str(drawn.recipients)
    return page(
        template,
        version=version,
        audience_form=audience_form,
        form=form,
        drawn=drawn,
        sample=sample_of(work().session, drawn) if drawn else [],
        said=said_audience(work().session, audience_form.audience) if is_chosen else "",
    )
