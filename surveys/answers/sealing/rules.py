"""Keys and hashes that keep answers apart from people. The keys are the installation's, never in the database.

`draft_id` and `practice_ids` are HMACs: without the key nobody can make one, and nobody can turn one back.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lms.kit.keys import Keys

SEALED = "2."
"""Marks how it was sealed. What has no such mark was sealed the way of before."""

BLOCK = 8192
"""Of one questionnaire all answers fill one block, but for the longest texts."""

NONCE_BYTES = 12


def draft_id(keys: Keys, invitation_id: int) -> str:
    """Under what the draft of an invitation is kept from now on."""
    return draft_ids(keys, invitation_id)[0]


def draft_ids(keys: Keys, invitation_id: int) -> list[str]:
    """Under what it may be kept: one for each key, the newest first."""
    return [_hash(key, "draft", str(invitation_id)) for key in keys.all]


def pseudonyms(keys: Keys, salt: str, booking_id: int) -> list[str]:
    """What joined the answers of one booking before there were pair sheets: one for each key, the newest first."""
    return [_hash(key, "pseudonym", salt, str(booking_id)) for key in keys.all]


def practice_ids(keys: Keys, booking_id: int, stage: str) -> list[str]:
    """Under what is kept what somebody said of their practice, until it is matched: the newest key first."""
    return [_hash(key, "practice", str(booking_id), stage) for key in keys.all]


def once_mark(keys: Keys, person_id: int) -> str:
    """By which it is seen, while they wait, that two sheets are of one person, who counts once."""
    return _hash(keys.now, "once", str(person_id))


def new_id() -> str:
    """A random name for a sheet, a text or a sheet that is not matched: it tells nothing, not even which came first."""
    return secrets.token_hex(16)


def seal(keys: Keys, answers: dict[str, Any]) -> str:
    """Answers that only this installation can read. They tell neither when they were sealed nor how long they are."""
    said = json.dumps(answers, ensure_ascii=False).encode()
    padded = said.ljust(-(-len(said) // BLOCK) * BLOCK)  # spaces after JSON mean nothing
    nonce = secrets.token_bytes(NONCE_BYTES)
    return SEALED + urlsafe_b64encode(nonce + AESGCM(_key(keys.now)).encrypt(nonce, padded, None)).decode()


def unseal(keys: Keys, sealed: str) -> dict[str, Any] | None:
    """What was sealed, also in the way of before; None when it was sealed with none of these keys."""
    opened = (_unseal(key, sealed) for key in keys.all)
    return next((answers for answers in opened if answers is not None), None)


def is_sealed_newly(keys: Keys, sealed: str) -> bool:
    """Whether it was sealed with the key in force, in a way that tells neither time nor length."""
    return sealed.startswith(SEALED) and _unseal(keys.now, sealed) is not None


def _unseal(secret_key: str, sealed: str) -> dict[str, Any] | None:
    try:
        if sealed.startswith(SEALED):
            kept = urlsafe_b64decode(sealed.removeprefix(SEALED))
            said = AESGCM(_key(secret_key)).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], None)
        else:
            said = _fernet(secret_key).decrypt(sealed.encode())
        found: dict[str, Any] = json.loads(said)
    except (InvalidTag, InvalidToken, ValueError):
        return None
    return found


def _key(secret_key: str) -> bytes:
    return hashlib.sha256(b"surveys.answers.sealed:" + secret_key.encode()).digest()


def _fernet(secret_key: str) -> Fernet:
    """How answers were sealed before: such a token tells the second in which it was made."""
    return Fernet(urlsafe_b64encode(hashlib.sha256(b"surveys.answers.draft:" + secret_key.encode()).digest()))


def _hash(secret_key: str, *parts: str) -> str:
    words = ":".join(("surveys.answers", *parts)).encode()
    return hmac.new(secret_key.encode(), words, hashlib.sha256).hexdigest()
