"""Sealed answers tell neither when they were sealed nor how much was said, and those of before can still be read."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.fernet import Fernet

from lms.kit.keys import Keys
from surveys.answers.sealing.rules import BLOCK, seal, unseal

KEY, OTHER = Keys("a key for tests, long enough"), Keys("another key, as long as that")


def test_a_sealed_answer_tells_no_second() -> None:
    """A Fernet token begins with the moment in which it was made, for all to read."""
    sealed = seal(KEY, {"1": 7})
    assert not sealed.startswith("gAAAA")
    kept = urlsafe_b64decode(sealed.removeprefix("2."))
    again = urlsafe_b64decode(seal(KEY, {"1": 7}).removeprefix("2."))
    assert not any(kept[at : at + 3] == again[at : at + 3] for at in range(24))


def test_a_long_answer_is_as_long_as_a_short_one() -> None:
    assert len(seal(KEY, {"1": 7})) == len(seal(KEY, {"1": 7, "2": "Mae'n dda. " * 500}))
    much = {"2": "x" * (BLOCK + 1)}
    assert unseal(KEY, seal(KEY, much)) == much


def test_only_the_key_opens_it_and_nobody_changes_it() -> None:
    answers = {"1": 7, "2": "Siân said so – twice"}
    sealed = seal(KEY, answers)
    assert unseal(KEY, sealed) == answers
    assert unseal(OTHER, sealed) is None
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    assert unseal(KEY, changed) is None
    assert unseal(KEY, "2.") is None
    assert unseal(KEY, "2.!!") is None


def test_what_was_sealed_before_can_be_read() -> None:
    key = urlsafe_b64encode(hashlib.sha256(b"surveys.answers.draft:" + KEY.now.encode()).digest())
    token = Fernet(key).encrypt(json.dumps({"1": 7}).encode()).decode()
    assert unseal(KEY, token) == {"1": 7}
