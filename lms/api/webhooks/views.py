"""Webhooks as pages: who is told what, what became of it, and once more by hand."""

from flask import Blueprint

from lms.api.webhooks.forms import AgainForm, WebhookForm
from lms.api.webhooks.queries import (
    STATE_WORDS,
    deliveries_of,
    delivery_of,
    tokens_to_choose,
    webhook_of,
    webhook_rows,
)
from lms.api.webhooks.rules import span
from lms.api.webhooks.services import (
    TRIAL,
    add_webhook,
    remove_webhook,
    renew_secret,
    send_again,
    send_span_again,
    send_trial,
    switch,
)
from lms.api.webhooks.transport import check_outside
from lms.frame.web import Answer, back_to, page, requires, say, site, work
from lms.kit.words import count
from lms.kit.working_days import london_date

bp = Blueprint("webhooks", __name__)
COLOURS = {"delivered": "green", "given_up": "red", "withdrawn": "grey"}
MANAGE = "api.manage_tokens"


@bp.route("/webhooks", methods=["GET", "POST"])
@requires(MANAGE)
def webhooks() -> Answer:
    tokens = tokens_to_choose(work().session, work().now)
    form = WebhookForm().offer(tokens, site().told_facts.values())
    if form.validate_on_submit():
        with form.refusals():
            work().session.rollback()  # nobody waits for us while a name is looked up
            check_outside(form.url.data, site().setting("api.webhook_networks"))
            hook, secret = add_webhook(
                work(),
                token_id=int(form.token_id.data),
                url=form.url.data,
                fact_names=form.fact_names.data or [],
            )
            return page("api/webhook_secret.html", hook=hook, secret=secret)
    return page("api/webhooks.html", form=form, tokens=tokens, hooks=webhook_rows(work().session, work().now))


@bp.route("/webhooks/<int:webhook_id>", methods=["GET", "POST"])
@requires(MANAGE)
def webhook(webhook_id: int) -> Answer:
    hook, form = webhook_of(work().session, webhook_id), AgainForm()
    if form.validate_on_submit():
        with form.refusals():
            since, until = span(form.from_on.day, form.to_on.day, london_date(work().now))
            number = send_span_again(work(), hook, since, until)
            say(f"{count(number, 'fact')} will be sent again within about a minute.")
            return back_to("webhooks.webhook", webhook_id=webhook_id)
    facts = site().told_facts
    return page(
        "api/webhook.html",
        form=form,
        hook=hook,
        facts=[facts[name].words for name in hook.fact_names if name in facts],
        fact_words={name: each.words for name, each in facts.items()} | {TRIAL: "A trial"},
        deliveries=deliveries_of(work().session, webhook_id),
        state_words=STATE_WORDS,
        colours=COLOURS,
    )


@bp.post("/webhooks/<int:webhook_id>/try")
@requires(MANAGE)
def trial(webhook_id: int) -> Answer:
    send_trial(work(), webhook_of(work().session, webhook_id))
    say("A test is on its way. The answer will be here in about a minute.")
    return back_to("webhooks.webhook", webhook_id=webhook_id)


@bp.post("/webhooks/<int:webhook_id>/on")
@requires(MANAGE)
def on(webhook_id: int) -> Answer:
    switch(work(), webhook_of(work().session, webhook_id), is_on=True)
    say("Facts will be sent again from now on.")
    return back_to("webhooks.webhook", webhook_id=webhook_id)


@bp.post("/webhooks/<int:webhook_id>/off")
@requires(MANAGE)
def off(webhook_id: int) -> Answer:
    switch(work(), webhook_of(work().session, webhook_id), is_on=False)
    say("No more facts will be sent there.")
    return back_to("webhooks.webhook", webhook_id=webhook_id)


@bp.post("/webhooks/<int:webhook_id>/secret")
@requires(MANAGE)
def secret(webhook_id: int) -> Answer:
    hook = webhook_of(work().session, webhook_id)
    return page("api/webhook_secret.html", hook=hook, secret=renew_secret(work(), hook))


@bp.post("/webhooks/<int:webhook_id>/remove")
@requires(MANAGE)
def remove(webhook_id: int) -> Answer:
    remove_webhook(work(), webhook_of(work().session, webhook_id))
    say("Removed the webhook.")
    return back_to("webhooks.webhooks")


@bp.post("/webhooks/deliveries/<int:webhook_delivery_id>/again")
@requires(MANAGE)
def again(webhook_delivery_id: int) -> Answer:
    delivery = send_again(work(), delivery_of(work().session, webhook_delivery_id))
    say("It will be sent again within about a minute.")
    return back_to("webhooks.webhook", webhook_id=delivery.webhook_id)
