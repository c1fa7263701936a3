"""The life of a charge: what is done to it when, and what it is afterwards. Checks and docs/lives.md follow."""

from charges.charge.rules import ChargeState
from lms.kit.lives import Life, Step, each_to

PROPOSED, OPEN, APPROVED, WAIVED = ChargeState.PROPOSED, ChargeState.OPEN, ChargeState.APPROVED, ChargeState.WAIVED
APPEALED, UPHELD, INVOICED, PAID = ChargeState.APPEALED, ChargeState.UPHELD, ChargeState.INVOICED, ChargeState.PAID
CREDITED, WRITTEN_OFF, VOID = ChargeState.CREDITED, ChargeState.WRITTEN_OFF, ChargeState.VOID
NOT_NOW = "This charge is {state}, so that cannot be done. Check it again."

ASK = Step("ask the agency", "by itself, or coordinator", each_to({PROPOSED}, OPEN), NOT_NOW)
ANSWER = Step(
    "answer",
    "delegate, line manager, agency",
    each_to({OPEN}),
    "This charge is not open to answers. Its page says what became of it.",
)
APPROVE = Step("approve", "coordinator", each_to({OPEN}, APPROVED), NOT_NOW)
WAIVE = Step("waive", "coordinator", each_to({PROPOSED, OPEN}, WAIVED), NOT_NOW)
APPEAL = Step("appeal", "agency", each_to({PROPOSED, OPEN, APPROVED}, APPEALED), NOT_NOW)
UPHOLD = Step("uphold on appeal", "another business manager", each_to({APPEALED}, UPHELD), NOT_NOW)
WAIVE_ON_APPEAL = Step("waive on appeal", "another business manager", each_to({APPEALED}, WAIVED), NOT_NOW)
INVOICE = Step("invoice", "finance", each_to({APPROVED, UPHELD}, INVOICED), NOT_NOW)
PAY = Step("note the payment", "finance", each_to({INVOICED}, PAID), NOT_NOW)
CREDIT = Step("credit", "finance", each_to({INVOICED, PAID}, CREDITED), NOT_NOW)
WRITE_OFF = Step("write off", "finance", each_to({INVOICED}, WRITTEN_OFF), NOT_NOW)
TAKE_BACK = Step(
    "take back what does not hold", "by itself", each_to({PROPOSED, OPEN, APPROVED, APPEALED, UPHELD}, VOID), NOT_NOW
)

LIFE = Life(
    begins=frozenset({PROPOSED}),
    steps=(
        ASK, ANSWER, APPROVE, WAIVE, APPEAL, UPHOLD, WAIVE_ON_APPEAL, INVOICE, PAY, CREDIT, WRITE_OFF, TAKE_BACK,
    ),
)  # fmt: skip
"""A file of history may say any state: see the checks of `tables.py`."""
