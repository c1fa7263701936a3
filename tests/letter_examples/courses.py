"""Letters about a booking: one event of one day face to face, and variations that read differently."""

from typing import Any

OWN: dict[str, Any] = {
    "own_token": "own-token",
    "own_links": [
        ("cancel", "Cancel my booking"),
        ("move", "Move to another date"),
        ("give", "Give my place to a colleague"),
        ("needs", "Change what I need on the day"),
        ("manager", "Change my line manager"),
        ("join", "See how to join, as it is now"),
    ],
}
WAITS = {
    "own_token": "own-token",
    "own_links": [("cancel", "Leave the waiting list"), ("needs", "Change what I need on the day")],
}
BOOKING: dict[str, Any] = {
    **OWN,
    "booking_id": 21936,
    "booking_ref": "RV-B-21936",
    "policy_version": 3,
    "delegate": "Amara Fenwick-Osei",
    "course": "Safer babies: working with families in the first year",
    "course_code": "safer-babies",
    "first_day": "Thursday 9 April 2026",
    "when": "Thursday 9 April 2026, 09:30 to 16:00",
    "where": ["Ashbeck Centre, 4 Mill Lane, Larkham RV1 4QT"],
    "agency": "Rowan Valley Community Health",
    "manager": "Colette Barraclough-Ames",
    "free_until": "23:59 on Tuesday 31 March 2026",
    "is_free_now": True,
    "charge": "£50",
    "days": 1,
    "booked_at": "Mon 16 Mar 2026 09:52",
    "reason": "",
    "booked_by": "",
    "is_declared": True,
    "is_postponed": False,
}
MANAGED = {**BOOKING, "token": "signed-token"}
FOR_YOU = {"booked_by": "Bethan Okonjo-Lyle"}
BY_THEMSELVES = {"given_by": "", "is_by_manager": False}
BY_MANAGER = {"given_by": BOOKING["manager"], "is_by_manager": True}
BY_LEAD = {"given_by": "Odile Marsh", "is_by_manager": False}
OFFER = {"open_until": "09:52 on Tuesday 17 March 2026", "offer_token": "signed-token"}
NEXT = {
    "next_letters": [
        ["Tuesday 24 March 2026", "a reminder, while you can still cancel free of charge"],
        ["Tuesday 31 March 2026", "joining instructions: how to find it and what to bring"],
        ["Wednesday 8 April 2026", "a last reminder"],
    ]
}
JOINING = {
    "joining_note": "Bring the case summary that you prepared.",
    "online_urls": [],
    "directions": ["Park behind the library; the entrance is step-free."],
    "trainers": ["Denzil Marrowby", "Ruth Ashby-Cole"],
}
ONLINE = {**JOINING, "online_urls": ["https://meet.example/safer-babies"], "directions": [], "trainers": []}
GIVEN_UP = {"is_late": False, "held_a_place": True, "ended_by": "", "is_grace": False, "told_us": ""}
ANOTHER_DATE = {
    "was_when": "Tuesday 17 March 2026, 09:30 to 16:00",
    "is_late": False,
    "moved_by": "",
    "move_reason": "",
    "old_charge": "",
}
UNDONE = {"undone": "given_up", "undone_by": ""}
MOVED = {
    "headline": "The event has moved",
    "parts": [["time", "When", "Tuesday 7 April 2026, 09:30 to 16:00", BOOKING["when"]]],
    "why": "The trainer is in court on Tuesday.",
    "clash": "",
}
ELSEWHERE = {
    "headline": "The event is in another place",
    "parts": [["place", "Where", "Thornmere Library, Larkham", "Ashbeck Centre, 4 Mill Lane, Larkham RV1 4QT"]],
    "why": "The library is flooded.",
    "clash": "",
}
NEW_LINK = {
    **ONLINE,
    "headline": "The link has changed",
    "parts": [["joining", "Link to join", "https://meet.example/old", "https://meet.example/safer-babies"]],
    "why": "",
    "clash": "",
}
NEW_NOTE = {
    **JOINING,
    "headline": "How to join has changed",
    "parts": [["joining", "Joining instructions", "Park in the yard.", "Bring the case summary that you prepared."]],
    "why": "The yard is closed.",
    "clash": "",
}
NEW_TRAINERS = {
    "headline": "The trainers have changed",
    "parts": [["joining", "Trainers", "Denzil Marrowby", "Ruth Ashby-Cole"]],
    "why": "",
}
TWO_DAYS = {"days": 2, "when": "Tue 12 and Wed 13 May 2026, 09:30 to 16:00"}
MESSAGE = {
    "course": "Safer babies: working with families in the first year",
    "course_code": "safer-babies",
    "when": "Thursday 9 April 2026, 09:30 to 16:00",
    "first_day": "Thursday 9 April 2026",
    "event_id": 118,
    "subject": "Please bring your own lunch",
    "lines": ["The kitchen of the Ashbeck Centre is closed that day.", "There is a shop round the corner."],
    "interest_id": None,
    "while_in": ["confirmed"],
}
DATE = {
    "course": "Safer babies: working with families in the first year",
    "course_code": "safer-babies",
    "event_id": 118,
    "interest_id": 5,
    "when": "Thursday 9 April 2026, 09:30 to 16:00",
    "where": ["Ashbeck Centre, 4 Mill Lane, Larkham"],
    "first_day": "Thursday 9 April 2026",
    "asked_on": "Tuesday 3 February 2026",
    "opens": "",
    "others_from": "",
    "closes": "23:59 on Tuesday 7 April 2026",
}
CERTIFICATE = {
    "pdf_token": "own-token",
    "booking_id": 21936,
    "serial": "RV-2026-1184",
    "course": "Safer babies: working with families in the first year",
    "dates": "Thursday 9 April 2026, 09:30 to 16:00",
    "cpd": "5 hours 30 minutes",
}

TOPIC = {
    "topic": "hoarding",
    "course": "Neglect: seeing a child’s daily life",
    "course_code": "neglect",
    "asked_on": "Tuesday 3 February 2026",
}

TRAINING_DUE = {
    "course": "Working together to safeguard children",
    "course_code": "working-together",
    "course_id": 4,
    "agency_id": 7,
    "due": "You have not done it yet",
    "asked_by": "Sunniva Harkaway",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "courses.topic_found": {**TOPIC, "has_dates": True},
    "courses.topic_found:without_dates": {**TOPIC, "has_dates": False},
    "courses.booking_confirmed": {**BOOKING, **NEXT},
    "courses.booking_confirmed:without_charges": {**BOOKING, **NEXT, "charge": ""},
    "courses.booking_confirmed:late_of_two_days": {
        **BOOKING,
        **TWO_DAYS,
        "next_letters": [],
        "is_free_now": False,
        "agency": "",
        "manager": "",
    },
    "courses.booking_confirmed:by_another": {**BOOKING, **NEXT, **FOR_YOU},
    "courses.booking_confirmed:in_the_office": {**BOOKING, **NEXT, "own_token": ""},
    "courses.changed_by_link": {**BOOKING, "what": "needs"},
    "courses.changed_by_link:manager": {**BOOKING, "what": "manager"},
    "courses.place_found": {**BOOKING, **NEXT},
    "courses.place_offered": {**BOOKING, **OFFER, "is_held": True},
    "courses.place_offered:first_to_accept": {**BOOKING, **OFFER, "is_held": False},
    "courses.offer_lapsed": {**BOOKING, **WAITS, "is_last": False},
    "courses.offer_lapsed:last": {**BOOKING, "own_token": "", "is_last": True},
    "courses.offer_gone": {**BOOKING, **WAITS},
    "courses.awaiting_manager": {**BOOKING, **WAITS, "asked": "manager", "leads": ""},
    "courses.awaiting_manager:lead": {**BOOKING, **WAITS, "asked": "lead", "leads": "Odile Marsh"},
    "courses.awaiting_manager:office": {**BOOKING, **WAITS, "asked": "office", "leads": ""},
    "courses.approval_asked": {
        **BOOKING,
        "token": "signed-token",
        "answer_by": "23:59 on Tuesday 7 April 2026",
        "as_lead": False,
    },
    "courses.approval_asked:lead": {
        **BOOKING,
        "token": "signed-token",
        "answer_by": "23:59 on Tuesday 7 April 2026",
        "as_lead": True,
    },
    "courses.not_agreed": {**BOOKING, "is_refused": True, "reason": "We are short that day."},
    "courses.not_agreed:silent": {**BOOKING, "is_refused": False},
    "courses.place_given": {**BOOKING, "colleague": "Kezia Lanercoste", **BY_THEMSELVES},
    "courses.place_given:by_manager": {**BOOKING, "colleague": "Kezia Lanercoste", **BY_MANAGER},
    "courses.place_given:by_another": {**BOOKING, "colleague": "Kezia Lanercoste", **BY_LEAD},
    "courses.place_taken": {**BOOKING, **NEXT, "colleague": "Bronagh Whitlowe", **BY_THEMSELVES},
    "courses.place_taken:by_manager": {**BOOKING, **NEXT, "colleague": "Bronagh Whitlowe", **BY_MANAGER},
    "courses.place_taken:by_another": {**BOOKING, **NEXT, "colleague": "Bronagh Whitlowe", **BY_LEAD},
    "courses.waiting": {**BOOKING, **WAITS, "position": 3},
    "courses.booking_code": {
        "code": "418302",
        "token": "an-example-token",
        "event_id": 118,
        "course": "Safer babies: working with families in the first year",
        "when": "Thursday 9 April 2026, 09:30 to 16:00",
    },
    "courses.wish_not_kept": {
        "course": "Safer babies: working with families in the first year",
        "course_code": "SB1",
        "event_id": 118,
        "when": "Thursday 9 April 2026, 09:30 to 16:00",
        "why": "Booking for this event has closed. Choose another date, or ask the training team.",
    },
    "courses.booking_cancelled": {
        **BOOKING,
        "is_late": False,
        "held_a_place": True,
        "ended_by": "",
        "is_grace": False,
        "told_us": "",
    },
    "courses.booking_cancelled:late": {
        **BOOKING,
        "is_late": True,
        "held_a_place": True,
        "ended_by": "",
        "is_grace": False,
        "told_us": "",
    },
    "courses.booking_cancelled:late_without_charges": {
        **BOOKING,
        "charge": "",
        "is_late": True,
        "held_a_place": True,
        "ended_by": "",
        "is_grace": False,
        "told_us": "",
    },
    "courses.booking_cancelled:waiting": {
        **BOOKING,
        "is_late": False,
        "held_a_place": False,
        "ended_by": "",
        "is_grace": False,
        "told_us": "",
    },
    "courses.booking_cancelled:grace": {**BOOKING, **GIVEN_UP, "is_grace": True},
    "courses.booking_cancelled:told_earlier": {
        **BOOKING,
        **GIVEN_UP,
        "ended_by": "Priyanka Hallowdale",
        "told_us": "Friday 27 March 2026",
    },
    "courses.booking_moved": {**BOOKING, **NEXT, **ANOTHER_DATE},
    "courses.booking_moved:late": {**BOOKING, **NEXT, **ANOTHER_DATE, "is_late": True, "old_charge": "£50"},
    "courses.booking_moved:by_us": {
        **BOOKING,
        **NEXT,
        **ANOTHER_DATE,
        "moved_by": "Priyanka Hallowdale",
        "move_reason": "The room is smaller than we thought.",
    },
    "courses.booking_released": {**BOOKING, "reason": "One more was booked than there are places."},
    "courses.booking_restored": {**BOOKING, **NEXT, **UNDONE},
    "courses.booking_restored:moved": {
        **BOOKING,
        **NEXT,
        **UNDONE,
        "undone": "moved",
        "not_moved_to": "Tuesday 12 May 2026, 09:30 to 16:00",
    },
    "courses.booking_restored:given": {
        **BOOKING,
        **NEXT,
        **UNDONE,
        "undone": "given",
        "colleague": "Kezia Lanercoste",
        "undone_by": "Odile Marsh",
    },
    "courses.booking_restored:postponed": {**BOOKING, **UNDONE, "next_letters": [], "is_postponed": True},
    "courses.place_returned": {**BOOKING, "colleague": "Bronagh Whitlowe", "now": "", "position": 0},
    "courses.place_returned:waiting": {**BOOKING, "colleague": "Bronagh Whitlowe", "now": "waiting", "position": 2},
    "courses.place_returned:asking": {
        **BOOKING,
        "colleague": "Bronagh Whitlowe",
        "now": "awaiting_manager",
        "position": 0,
    },
    "courses.managers_copy:place_returned": {
        **BOOKING,
        "token": "signed-token",
        "about": "place_returned",
        "colleague": "Bronagh Whitlowe",
    },
    "courses.managers_copy:released": {
        **BOOKING,
        "token": "signed-token",
        "about": "booking_released",
        "reason": "One too many",
    },
    "courses.managers_copy:other_date_late": {
        **BOOKING,
        "token": "signed-token",
        **ANOTHER_DATE,
        "about": "booking_moved",
        "is_late": True,
        "old_charge": "£50",
    },
    "courses.managers_copy:another_manager": {
        **{said: value for said, value in BOOKING.items() if said != "token"},
        "about": "manager_changed",
    },
    "courses.managers_copy:other_date": {**MANAGED, **ANOTHER_DATE, "about": "booking_moved"},
    "courses.booking_cancelled:by_another": {
        **BOOKING,
        "is_late": True,
        "held_a_place": True,
        "ended_by": "Priyanka Hallowdale",
        "is_grace": False,
        "told_us": "",
    },
    "courses.event_moved": {**BOOKING, **MOVED, "holds_a_place": True},
    "courses.event_moved:waiting": {**BOOKING, **MOVED, "holds_a_place": False, "had_offer": False},
    "courses.event_moved:offered": {**BOOKING, **MOVED, "holds_a_place": False, "had_offer": True},
    "courses.event_moved:clash": {
        **BOOKING,
        **MOVED,
        "holds_a_place": True,
        "clash": "Neglect: seeing the whole child, Thursday 9 April 2026, 13:00 to 16:00",
    },
    "courses.event_place": {**BOOKING, **ELSEWHERE, "holds_a_place": True},
    "courses.event_place:late": {**BOOKING, **ELSEWHERE, "holds_a_place": True, "is_free_now": False, "why": ""},
    "courses.event_place:waiting": {**BOOKING, **ELSEWHERE, "holds_a_place": False},
    "courses.event_joining": {**BOOKING, **NEW_LINK, "holds_a_place": True, "where": ["Online"]},
    "courses.event_joining:venue": {
        **BOOKING,
        **JOINING,
        "headline": "How to join has changed",
        "parts": [
            ["joining", "Where", "Ashbeck Centre, 14 Mill Lane, Larkham RV1 4QT", BOOKING["where"][0]],
            ["joining", "How to get there", "nothing", JOINING["directions"][0]],
        ],
        "why": "The number was wrong.",
        "clash": "",
        "holds_a_place": True,
    },
    "courses.event_joining:note": {**BOOKING, **NEW_NOTE, "holds_a_place": True},
    "courses.event_for_trainer": {**BOOKING, **MOVED, "trains": True},
    "courses.event_for_trainer:clash": {
        **BOOKING,
        **MOVED,
        "trains": True,
        "clash": "Neglect: seeing the whole child, Thursday 9 April 2026, 13:00 to 16:00 (as a trainer)",
    },
    "courses.event_moved:clash_waiting": {
        **BOOKING,
        **MOVED,
        "holds_a_place": False,
        "clash": "Neglect: seeing the whole child, Thursday 9 April 2026, 13:00 to 16:00",
    },
    "courses.booking_confirmed:clash": {
        **BOOKING,
        **NEXT,
        "clash": "Neglect: seeing the whole child, Thursday 9 April 2026, 13:00 to 16:00",
    },
    "courses.event_for_trainer:not_any_more": {**BOOKING, **NEW_TRAINERS, "trains": False},
    "courses.event_postponed": {**BOOKING, "holds_a_place": True, "why": "The trainer is ill."},
    "courses.event_postponed:waiting": {**BOOKING, "holds_a_place": False, "had_offer": False, "why": ""},
    "courses.event_postponed:offered": {**BOOKING, "holds_a_place": False, "had_offer": True, "why": ""},
    "courses.managers_copy:event_cancelled": {**MANAGED, "about": "event_cancelled", "reason": "The trainer is ill."},
    "courses.managers_copy:postponed": {**MANAGED, "about": "event_postponed", "why": "The trainer is ill"},
    "courses.event_cancelled": {**BOOKING, "reason": "The trainer is ill."},
    "courses.reminder": {**BOOKING, **JOINING},
    "courses.joining_instructions": {**BOOKING, **JOINING},
    "courses.joining_instructions:online": {**BOOKING, **ONLINE, "where": ["Online"]},
    "courses.last_reminder": {**BOOKING, **JOINING},
    "courses.calendar_day": {**BOOKING, **TWO_DAYS, "day": "Wednesday 13 May 2026, 09:30", "is_cancelled": False},
    "courses.calendar_day:cancelled": {
        **BOOKING,
        **TWO_DAYS,
        "day": "Wednesday 13 May 2026, 09:30",
        "is_cancelled": True,
    },
    "courses.managers_copy": {**MANAGED, "about": "booking_confirmed"},
    "courses.managers_copy:by_another": {
        **BOOKING,
        "token": "signed-token",
        **FOR_YOU,
        "about": "booking_confirmed",
        "is_declared": False,
    },
    "courses.review_asked": {"course": BOOKING["course"], "course_id": 1, "day": "Monday 16 March 2026"},
    "courses.managers_copy:late": {
        **BOOKING,
        "token": "signed-token",
        "ended_by": "",
        "about": "booking_cancelled",
        "is_late": True,
    },
    "courses.managers_copy:late_without_charges": {
        **BOOKING,
        "token": "signed-token",
        "charge": "",
        "ended_by": "",
        "about": "booking_cancelled",
        "is_late": True,
    },
    "courses.managers_copy:place_given": {
        **BOOKING,
        "token": "signed-token",
        "about": "place_given",
        "colleague": "Kezia Lanercoste",
        **BY_THEMSELVES,
    },
    "courses.managers_copy:given_by_another": {**MANAGED, "about": "place_given", **BY_LEAD},
    "courses.managers_copy:place_taken": {
        **BOOKING,
        "token": "signed-token",
        "is_declared": False,
        "about": "place_taken",
        "colleague": "Bronagh Whitlowe",
        **BY_THEMSELVES,
    },
    "courses.managers_copy:given_by_them": {
        **MANAGED,
        **BY_MANAGER,
        "is_declared": False,
        "about": "place_taken",
        "booked_by": BOOKING["manager"],
    },
    "courses.managers_copy:moved": {**MANAGED, **MOVED, "about": "event_moved"},
    "courses.managers_copy:place": {**MANAGED, **ELSEWHERE, "about": "event_place"},
    "courses.managers_day": {
        "lines": [
            {**BOOKING, "about": "booking_confirmed", "token": "signed-token-1"},
            {
                **BOOKING,
                "delegate": "Tobiah Hanley-Roe",
                "about": "booking_cancelled",
                "is_late": True,
                "ended_by": "",
                "token": "signed-token-2",
            },
            {**BOOKING, **MOVED, "delegate": "Kezia Lanercoste", "about": "event_moved", "token": "signed-token-3"},
            {
                **BOOKING,
                "delegate": "Nerys Pemberton",
                "about": "booking_released",
                "reason": "One too many",
                "token": "signed-token-4",
            },
            {
                **BOOKING,
                "delegate": "Bronagh Whitlowe",
                "about": "event_postponed",
                "why": "The trainer is ill.",
                "token": "signed-token-5",
            },
        ]
    },
    "courses.message": {**MESSAGE, "booking_id": 21936, "why": "booked"},
    "courses.message:waiting": {**MESSAGE, "booking_id": 21936, "why": "waiting"},
    "courses.message:asked": {**MESSAGE, "booking_id": 21936, "why": "asked"},
    "courses.message:trainers": {**MESSAGE, "booking_id": None, "why": "trainers"},
    "courses.message:asking": {**MESSAGE, "booking_id": None, "why": "asking", "when": ""},
    "courses.date_published": DATE,
    "courses.date_published:first": {**DATE, "others_from": "09:00 on Thursday 19 March 2026"},
    "courses.date_published:later": {
        **DATE,
        "opens": "00:00 on Monday 23 March 2026",
        "others_from": "00:00 on Wednesday 25 March 2026",
    },
    "courses.certificate_issued": CERTIFICATE,
    "courses.certificate_withdrawn": {**CERTIFICATE, "reason": "The sign-in sheet has another name."},
    "courses.training_due": TRAINING_DUE,
    "courses.training_due:overdue": {**TRAINING_DUE, "due": "It was due on 12 Feb 2026"},
    "courses.trainings_due": {
        "lines": [
            TRAINING_DUE,
            {**TRAINING_DUE, "course": "Neglect", "course_code": "neglect", "due": "It is due by 9 Jun 2026"},
        ]
    },
    "courses.certificate_refresher": {
        "course": "Safer babies: working with families in the first year",
        "course_code": "safer-babies",
        "attended": "Thursday 9 April 2026",
        "refresh_by": "Monday 9 April 2029",
    },
}
