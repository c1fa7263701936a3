"""Secrets under lock: passwords hashed, authenticator secrets and recovery codes encrypted by the secret key."""

import hmac
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import InvalidToken, MultiFernet
from flask_security.totp import Totp
from passlib.context import CryptContext
from passlib.exc import TokenError
from passlib.totp import TOTP, AppWallet

from lms.kit.keys import Keys

WINDOW_SECONDS = 30
"""How far a phone's clock may be off."""

RECOVERY = "recovery codes"
FIRST_TAG = "1"
"""What secrets say that were locked when there was one key: it is the oldest."""


def authenticator_secrets(keys: Keys) -> dict[str, str]:
    """The keys of authenticator secrets, the one in force first. A secret names the key that locked it."""
    made = [each.hex() for each in keys.derived("authenticator")]
    return {**dict(zip(map(tag_of, keys.all), made, strict=True)), FIRST_TAG: made[-1]}


def tag_of(key: str) -> str:
    """What an authenticator secret says that this key locked."""
    return f"k{Keys(key).mark('authenticator tag')[:12]}"


def tag_in(secret: str) -> str:
    """By which key an authenticator secret says that it was locked."""
    return str(json.loads(secret)["enckey"]["t"])


class Authenticator(Totp):
    """Flask-Security's TOTP, told what time it is, which code was taken last, and which of the keys is in force."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._newest = next(iter(secrets))
        self._totp = TOTP.using(issuer=issuer, wallet=AppWallet(secrets, default_tag=self._newest))

    def is_under_newest(self, secret: str) -> bool:
        """Whether a secret is locked with the key in force, and says so."""
        return tag_in(secret) == self._newest

    def renewed(self, secret: str) -> str:
        """The secret, locked with the key in force; as it was when none of the keys opens it."""
        try:
            return str(self._totp.from_source(secret).to_json(encrypt=True))
        except (KeyError, ValueError):
            return secret

    def step_of(self, code: str, secret: str, *, last_step: int | None, now: datetime) -> int | None:
        """The time step that a code belongs to; None when it is wrong or not newer than the last one taken."""
        try:
            match = self._totp.verify(code, secret, time=now, window=WINDOW_SECONDS, last_counter=last_step)
        except (TokenError, ValueError, KeyError):
            return None
        return int(match.counter)

    def code_at(self, secret: str, now: datetime) -> str:
        """What the app on the phone shows at a moment; for tests and demonstrations."""
        return str(self._totp.from_source(secret).generate(time=now).token)


def _as_typed_anywhere(password: str) -> str:
    """Keyboards write the same letter in several ways."""
    return unicodedata.normalize("NFKC", password)


@dataclass(frozen=True)
class Locks:
    """What Flask-Security was set up with, handed to services as a value, so that they need no application.

    `nobodys_password` is compared where none is kept. It is made at the start: the first stranger takes no longer.
    """

    authenticator: Authenticator
    passwords: CryptContext
    recovery: MultiFernet
    nobodys_password: str

    def hash_password(self, password: str) -> str:
        """As it is kept."""
        return str(self.passwords.hash(_as_typed_anywhere(password)))

    def is_password(self, password: str, kept: str | None) -> bool:
        """Whether it is the one kept. Takes as long when none is kept."""
        is_right = self.passwords.verify(_as_typed_anywhere(password), kept or self.nobodys_password)
        return bool(is_right) and kept is not None

    def new_recovery_codes(self, number: int) -> list[str]:
        """Fresh ones, as they are shown once."""
        return list(self.authenticator.generate_recovery_codes(number))

    def lock_recovery_codes(self, codes: Sequence[str]) -> list[str]:
        """As they are kept."""
        return [self.recovery.encrypt(code.replace("-", "").encode()).decode() for code in codes]

    def find_recovery_code(self, plain: str, kept: Sequence[str]) -> int | None:
        """Which of those kept it is; None when it is none of them."""
        for position, locked in enumerate(kept):
            try:
                code = self.recovery.decrypt(locked.encode())
            except InvalidToken:
                continue
            if hmac.compare_digest(code, plain.encode()):
                return position
        return None
