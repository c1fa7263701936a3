"""How long a session lasts, how its key is kept, and what a browser is called."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

FRESH_FOR = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
IDLE = timedelta(hours=8)
IDLE_FOR_WHO_HOLDS_MUCH = timedelta(hours=2)
SEEN_AGAIN_AFTER = timedelta(minutes=5)

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks in what a browser says of itself, those that others imitate last."""

SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class SessionHere:
    """The session that a request belongs to."""

    id: int
    person_id: int
    began_at: datetime
    has_second_factor: bool
    ends_at: datetime

    @property
    def ends_anyway(self) -> bool:
        """Whether it ends then whatever they do."""
        return self.ends_at == self.began_at + LONGEST_SESSION

    def seconds_left(self, now: datetime) -> int:
        """How long it lasts if nothing happens."""
        return max(int((self.ends_at - now).total_seconds()), 0)


def key_digest(key: str) -> str:
    """What is kept of a random key (a session, a round trip): 32 bytes, so that nothing more is needed to hide it."""
    return hashlib.sha256(key.encode()).hexdigest()


def device_words(user_agent: str) -> str:
    """ "Firefox on Windows", as its owner would call it; nothing else of what a browser tells is kept."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def session_ends_at(*, began_at: datetime, seen_at: datetime, holds_much: bool) -> datetime:
    """A working day at most, and less when nobody is there: laptops are shared."""
    return min(seen_at + (IDLE_FOR_WHO_HOLDS_MUCH if holds_much else IDLE), began_at + LONGEST_SESSION)


def session_is_over(*, began_at: datetime, seen_at: datetime, holds_much: bool, now: datetime) -> bool:
    """Whether its time has come."""
    return now >= session_ends_at(began_at=began_at, seen_at=seen_at, holds_much=holds_much)


def is_fresh(began_at: datetime, now: datetime) -> bool:
    """Whether the person themselves was here a moment ago: asked before a way to sign in is changed."""
    return now < began_at + FRESH_FOR
