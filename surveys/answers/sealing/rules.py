"""Keys and hashes that keep answers apart from people. The key is the installation's, never in the database.

`draft_id` and `pseudonym` are HMACs: without the key nobody can make one, and nobody can turn one back. A pseudonym
also needs the event's salt; once that is deleted, the key alone makes none either.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


def draft_id(secret_key: str, invitation_id: int) -> str:
    """Under what the draft of an invitation is kept."""
    return _hash(secret_key, "draft", str(invitation_id))


def pseudonym(secret_key: str, salt: str, booking_id: int) -> str:
    """What joins the answers of one booking before, on the day and later."""
    return _hash(secret_key, "pseudonym", salt, str(booking_id))


def new_id() -> str:
    """A random name for a sheet, a text or a sheet that is not matched: it tells nothing, not even which came first."""
    return secrets.token_hex(16)


def seal(secret_key: str, answers: dict[str, Any]) -> str:
    """Answers that only this installation can read."""
    return _fernet(secret_key).encrypt(json.dumps(answers, ensure_ascii=False).encode()).decode()


def unseal(secret_key: str, sealed: str) -> dict[str, Any] | None:
    """What was sealed; None when it was sealed with another key."""
    try:
        found: dict[str, Any] = json.loads(_fernet(secret_key).decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        return None
    return found


def _fernet(secret_key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(hashlib.sha256(b"surveys.answers.draft:" + secret_key.encode()).digest()))


def _hash(secret_key: str, *parts: str) -> str:
    words = ":".join(("surveys.answers", *parts)).encode()
    return hmac.new(secret_key.encode(), words, hashlib.sha256).hexdigest()
