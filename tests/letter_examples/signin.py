"""Letters about signing in."""

from typing import Any

WANTS = "a place on Safer babies, Thursday 9 April 2026, 09:30 to 16:00"
EXAMPLES: dict[str, dict[str, Any]] = {
    "signin.code": {"code": "418 302", "token": "an-example-token"},
    "signin.shared_mailbox": {
        "people": [{"name": "Amara Fenwick-Osei", "ref": "RV-1"}, {"name": "Joel Tarrant", "ref": "RV-2"}]
    },
    "signin.unknown_address": {},
    "signin.password_off": {},
    "signin.second_factor_refused": {},
    "signin.account_changed": {"what": "A password was set."},
    "signin.linked_address_changed": {"title": "NHSmail"},
    "signin.other_account": {"title": "NHSmail"},
    "signin.second_factor_invited": {
        "roles": ["business manager", "review officer"],
        "until": "Monday 30 March 2026",
        "by": "Hamish Eldermoor",
    },
    "signin.registration_code": {"code": "418 302", "token": "an-example-token"},
    "signin.registration_known": {},
    "signin.registration_received": {"wants": WANTS, "since": "09:00 on Monday 16 March 2026"},
    "signin.registration_refused": {"wants": WANTS},
    "signin.registration_accepted": {
        "ref": "RV-1",
        "agency": "Rowan Valley Community Health",
        "wants": WANTS,
        "wanted_path": "/events/118/book",
    },
}
