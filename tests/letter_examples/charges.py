"""Examples of the letters about charges and invoices."""

from typing import Any

LATE = (
    "Cancelled Tue 14 Apr 2026 14:10; free until Wed 8 Apr 2026 23:59; policy version 3; "
    "6 hours 30 minutes, over 4 hours: £50."
)
REASON = {
    "delegate": "Jonah Sedgemoore",
    "agency": "Oakmere Bridge Academy",
    "course": "Domestic abuse: coercive control and children",
    "when": "Tuesday 3 March 2026, 09:30 to 16:00",
    "is_late_cancellation": False,
    "is_manager": False,
    "total": "£50",
    "explanations": [
        "Did not attend Tue 3 Mar 2026, 09:30 to 16:00. Not cancelled, free until Tue 24 Feb 2026 23:59; "
        "policy version 3; 6 hours 30 minutes, over 4 hours: £50."
    ],
    "respond_by": "Wed 18 Mar 2026 23:59",
    "token": "signed-token",
}
AGENCY = {
    "agency": "Oakmere Bridge Academy",
    "total": "£50",
    "charge_id": 41,
    "charges": [
        {
            "delegate": "Jonah Sedgemoore",
            "course": "Domestic abuse: coercive control and children",
            "explanation": LATE,
            "pounds": "£50",
        }
    ],
}
DECIDED = {
    **AGENCY,
    "is_waived": False,
    "is_appeal": False,
    "waived_for": "",
    "note": "No reason was given.",
    "appeal_until": "Mon 30 Mar 2026 23:59",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "courses.charge_reason": REASON,
    "courses.charge_reason:manager": {**REASON, "is_manager": True, "is_late_cancellation": True},
    "courses.charge_proposed": {**AGENCY, "respond_by": "Wed 18 Mar 2026 23:59"},
    "courses.charge_decided": DECIDED,
    "courses.charge_decided:waived": {**DECIDED, "is_waived": True, "waived_for": "Sickness", "note": ""},
    "courses.charge_decided:upheld": {**DECIDED, "is_appeal": True, "appeal_until": ""},
    "courses.charge_appealed": {**AGENCY, "appealed_by": "Sunniva Harkaway", "words": "We rang at 09:15."},
    "courses.charge_withdrawn": {**AGENCY, "why": "A colleague took the place.", "is_credited": False},
    "courses.charge_withdrawn:credited": {**AGENCY, "why": "Found on the sign-in sheet.", "is_credited": True},
    "courses.charge_invoice": {
        "agency": "Oakmere Bridge Academy",
        "ref": "RV-INV-00012",
        "month": "March 2026",
        "lines": [[f"Jonah Sedgemoore, Domestic abuse. {LATE}", "£50.00"]],
        "total": "£50.00",
        "invoice_id": 12,
    },
}
