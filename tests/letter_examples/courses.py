"""Letters about a booking: one event of one day face to face, and variations that read differently."""

from typing import Any

BOOKING: dict[str, Any] = {
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
}
FOR_YOU = {"booked_by": "Bethan Okonjo-Lyle"}
OFFER = {"open_until": "09:52 on Tuesday 17 March 2026", "token": "signed-token"}
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
    "serial": "RV-2026-1184",
    "course": "Safer babies: working with families in the first year",
    "dates": "Thursday 9 April 2026, 09:30 to 16:00",
    "cpd": "5 hours 30 minutes",
}

EXAMPLES: dict[str, dict[str, Any]] = {
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
    "courses.place_found": {**BOOKING, **NEXT},
    "courses.place_offered": {**BOOKING, **OFFER, "is_held": True},
    "courses.place_offered:first_to_accept": {**BOOKING, **OFFER, "is_held": False},
    "courses.offer_lapsed": {**BOOKING, "is_last": False},
    "courses.offer_lapsed:last": {**BOOKING, "is_last": True},
    "courses.offer_gone": BOOKING,
    "courses.awaiting_manager": {**BOOKING, "asked": "manager", "leads": ""},
    "courses.awaiting_manager:lead": {**BOOKING, "asked": "lead", "leads": "Odile Marsh"},
    "courses.awaiting_manager:office": {**BOOKING, "asked": "office", "leads": ""},
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
    "courses.place_given": {**BOOKING, "colleague": "Kezia Lanercoste"},
    "courses.place_taken": {**BOOKING, **NEXT, "colleague": "Bronagh Whitlowe"},
    "courses.waiting": {**BOOKING, "position": 3},
    "courses.booking_cancelled": {**BOOKING, "is_late": False, "held_a_place": True, "ended_by": ""},
    "courses.booking_cancelled:late": {**BOOKING, "is_late": True, "held_a_place": True, "ended_by": ""},
    "courses.booking_cancelled:late_without_charges": {
        **BOOKING,
        "charge": "",
        "is_late": True,
        "held_a_place": True,
        "ended_by": "",
    },
    "courses.booking_cancelled:waiting": {**BOOKING, "is_late": False, "held_a_place": False, "ended_by": ""},
    "courses.booking_cancelled:by_another": {
        **BOOKING,
        "is_late": True,
        "held_a_place": True,
        "ended_by": "Priyanka Hallowdale",
    },
    "courses.event_moved": {**BOOKING, **MOVED, "holds_a_place": True},
    "courses.event_moved:waiting": {**BOOKING, **MOVED, "holds_a_place": False},
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
    "courses.event_joining:note": {**BOOKING, **NEW_NOTE, "holds_a_place": True},
    "courses.event_for_trainer": {**BOOKING, **MOVED, "trains": True},
    "courses.event_for_trainer:not_any_more": {**BOOKING, **NEW_TRAINERS, "trains": False},
    "courses.event_postponed": {**BOOKING, "holds_a_place": True},
    "courses.event_postponed:waiting": {**BOOKING, "holds_a_place": False},
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
    "courses.managers_copy": {**BOOKING, "about": "booking_confirmed"},
    "courses.managers_copy:by_another": {
        **BOOKING,
        **FOR_YOU,
        "about": "booking_confirmed",
        "is_declared": False,
    },
    "courses.review_asked": {"course": BOOKING["course"], "course_id": 1, "day": "Monday 16 March 2026"},
    "courses.managers_copy:late": {**BOOKING, "about": "booking_cancelled", "is_late": True},
    "courses.managers_copy:late_without_charges": {
        **BOOKING,
        "charge": "",
        "about": "booking_cancelled",
        "is_late": True,
    },
    "courses.managers_copy:place_given": {**BOOKING, "about": "place_given", "colleague": "Kezia Lanercoste"},
    "courses.managers_copy:place_taken": {
        **BOOKING,
        "is_declared": False,
        "about": "place_taken",
        "colleague": "Bronagh Whitlowe",
    },
    "courses.managers_copy:moved": {**BOOKING, **MOVED, "about": "event_moved"},
    "courses.managers_copy:place": {**BOOKING, **ELSEWHERE, "about": "event_place"},
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
    "courses.certificate_refresher": {
        "course": "Safer babies: working with families in the first year",
        "course_code": "safer-babies",
        "attended": "Thursday 9 April 2026",
        "refresh_by": "Monday 9 April 2029",
    },
}
