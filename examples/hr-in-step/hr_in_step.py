"""A made-up HR system that keeps a Golden Thread in step for a simulated month."""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

FIRST = ("Amara", "Bronagh", "Cerys", "Dilwyn", "Esme", "Farid", "Gwen", "Hamza", "Imogen", "Jovan", "Kezia", "Laszlo")
LAST = ("Ashgrove", "Brackenbury", "Fenwick", "Hallowdale", "Larkspur", "Marrowby", "Quillfeather", "Tollgate")
WORK = ("Teaching staff", "Social work", "Health visiting", "Early years")
AT_ONCE = 500
OVERLAP = timedelta(minutes=5)


@dataclass
class HrSystem:
    """What the HR system knows: its people as Golden Thread's file of people has them, and what came back."""

    seed: int = 1
    agencies: int = 40
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    learned: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)  # noqa: S311  (nothing secret)

    def codes(self) -> list[str]:
        return [f"HR-A{number:02}" for number in range(1, self.agencies + 1)]

    def join(self) -> str:
        """Somebody new."""
        ref = f"HR-{len(self.people) + 1:05}"
        name = f"{self.draw.choice(FIRST)} {self.draw.choice(LAST)}"
        self.people[ref] = {
            "ref": ref,
            "name": name,
            "email": f"{ref.lower()}@hr.example",
            "agency_code": self.draw.choice(self.codes()),
            "role_group": self.draw.choice(WORK),
            "manager_name": f"{self.draw.choice(FIRST)} {self.draw.choice(LAST)}",
            "left_on": "",
        }
        return ref

    def day(self, today: date) -> list[dict[str, str]]:
        """A day's joiners, movers, new names, leavers, and some who come back: who to tell of."""
        here = [ref for ref, each in self.people.items() if not each["left_on"]]
        gone = [ref for ref, each in self.people.items() if each["left_on"]]
        some = max(len(here) // 200, 1)
        changed = {self.join() for _ in range(some)}
        for ref in self.draw.sample(here, some):
            self.people[ref]["agency_code"] = self.draw.choice(self.codes())
            changed.add(ref)
        for ref in self.draw.sample(here, 1):
            self.people[ref]["name"] = f"{self.people[ref]['name'].split()[0]} {self.draw.choice(LAST)}"
            changed.add(ref)
        for ref in self.draw.sample(here, some):
            self.people[ref]["left_on"] = today.isoformat()
            changed.add(ref)
        for ref in self.draw.sample(gone, min(len(gone), 1)):
            self.people[ref]["left_on"] = ""
            changed.add(ref)
        return [self.people[ref] for ref in sorted(changed)]


def keep_in_step(client: Any, hr: HrSystem, *, people: int, days: int, now: Callable[[], datetime]) -> list[str]:
    """Load everybody, live through the days, take back what was learned; what differs at the end, a line each."""
    wrong: list[str] = []
    agencies = [{"code": code, "name": f"Agency {code}", "sector": "Education"} for code in hr.codes()]
    wrong += _refused(client.keep_agencies({"agencies": agencies}))
    for _ in range(people):
        hr.join()
    since = now()
    wrong += _send(client, list(hr.people.values()))
    last_day = now().date()
    for number in range(days):
        wrong += _send(client, hr.day(last_day - timedelta(days=days - number - 1)))
        began = now()
        _take_back(client, hr, since - OVERLAP)
        since = began
    return wrong + _differences(client, hr)


def _send(client: Any, rows: list[dict[str, str]]) -> list[str]:
    wrong = []
    for start in range(0, len(rows), AT_ONCE):
        wrong += _refused(client.keep_people({"people": rows[start : start + AT_ONCE]}))
    return wrong


def _refused(done: Any) -> list[str]:
    return [f"{each['ref']}: {each['words']}" for each in done["items"] if each["result"] == "refused"]


def _take_back(client: Any, hr: HrSystem, since: datetime) -> None:
    """Attendances and completions since a moment; the same again changes nothing."""
    moment = since.isoformat()
    for line in _all(client.list_attendances, updated_since=moment):
        hr.learned[f"booking {line['booking_id']}"] = line
    for line in _all(client.list_completions, updated_since=moment):
        hr.learned[f"{line['person_ref']} {line['course_code']} {line['completed_on']}"] = line


def _differences(client: Any, hr: HrSystem) -> list[str]:
    there = {each["ref"]: each for each in _all(client.list_people) if each["ref"] in hr.people}
    wrong = [f"{ref} is not there" for ref in hr.people if ref not in there]
    for ref, told in there.items():
        for name, value in hr.people[ref].items():
            if (told[name] or "") != value:
                wrong.append(f"{ref}: {name} is {told[name]!r} there and {value!r} here")
    return wrong


def _all(operation: Callable[..., Any], **wanted: Any) -> Iterator[Any]:
    cursor = None
    while True:
        page = operation(limit=200, cursor=cursor, **wanted)
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def sender(base_url: str, token: str) -> Callable[[str, str, dict[str, Any], Any], Any]:
    """Asks over the network; waits as long as it is told to, and sends a write again under its key."""

    def send(method: str, path: str, query: dict[str, Any], body: Any) -> Any:
        asked = "?" + urllib.parse.urlencode(query) if query else ""
        request = urllib.request.Request(f"{base_url}/api/v1{path}{asked}", method=method)  # noqa: S310
        request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
            request.add_header("Idempotency-Key", str(uuid.uuid4()))
        while True:
            try:
                with urllib.request.urlopen(request) as answer:  # noqa: S310
                    return json.load(answer)
            except urllib.error.HTTPError as refusal:
                if refusal.code not in (429, 503):
                    raise SystemExit(f"{method} {path}: {refusal.read().decode()}") from refusal
                time.sleep(int(refusal.headers.get("Retry-After", "5")))

    return send


if __name__ == "__main__":
    from client import Client

    the_client, the_hr = Client(sender(sys.argv[1], os.environ["LMS_TOKEN"])), HrSystem()
    found = keep_in_step(the_client, the_hr, people=2000, days=30, now=lambda: datetime.now(UTC))
    print(f"{len(the_hr.people)} people, {len(the_hr.learned)} attendances and completions came back.")  # noqa: T201
    print("\n".join(found) or "Both sides say the same of everybody.")  # noqa: T201
    sys.exit(1 if found else 0)
