"""What is kept of a form that could not be sent, how much of it, and for how long. Pure."""

import base64
import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

KEPT_FOR = timedelta(hours=4)
"""Long enough to fetch a code or to come back from a visit; short, because a laptop may be shared."""
MOST_CHARACTERS = 200_000

Typed = dict[str, list[str]]


def worth_keeping(posted: Mapping[str, list[str]]) -> Typed:
    """What was typed, without what proves who somebody is. Nothing of what is too long for a form."""
    typed = {name: values for name, values in posted.items() if name != "csrf_token" and "password" not in name}
    return typed if sum(len(each) for values in typed.values() for each in values) <= MOST_CHARACTERS else {}


def new_key() -> str:
    """What opens the answers. Only the browser has it: who reads the database reads nothing."""
    return secrets.token_urlsafe(32)


def digest_of(key: str) -> str:
    """By what the rows of a browser are found."""
    return hashlib.sha256(f"unsent\0{key}".encode()).hexdigest()


def sealed(key: str, typed: Typed) -> str:
    """The answers as they are kept."""
    return _lock(key).encrypt(json.dumps(typed).encode()).decode()


def opened(key: str, kept: str) -> Typed:
    """The answers again; nothing with another key."""
    try:
        typed: Typed = json.loads(_lock(key).decrypt(kept.encode()))
    except InvalidToken:
        return {}
    return typed


def is_over(kept_at: datetime, now: datetime) -> bool:
    """Whether they are kept no longer."""
    return now >= kept_at + KEPT_FOR


def are_of(typed: Typed, fields: Collection[str]) -> bool:
    """Whether a form with these fields is the one that was typed into, and not another on the same page."""
    return any(name == each or name.startswith(f"{each}-") for name in typed for each in fields)


def _lock(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"answers\0{key}".encode()).digest()))
