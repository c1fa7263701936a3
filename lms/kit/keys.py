"""Keys for each purpose from the installation's one secret, and from those before it, which go on opening what they
closed. What stands under a mark (an HMAC) cannot be found or guessed without a key.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from cryptography.fernet import Fernet, MultiFernet


@dataclass(frozen=True)
class Keys:
    """The secret in force and those before it, the newest first. New things are made with the one in force."""

    now: str
    before: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Each that may have closed something."""
        return (self.now, *self.before)

    @property
    def oldest_first(self) -> list[str]:
        """As packages that sign want them: they sign with the last one, and take what any of them signed."""
        return list(reversed(self.all))

    def alone(self) -> "Keys":
        """As they are once those before are gone."""
        return Keys(self.now)

    def derived(self, purpose: str) -> list[bytes]:
        """A key of its own for each purpose, from each secret."""
        return [hashlib.sha256(f"{purpose}\0{key}".encode()).digest() for key in self.all]

    def cipher(self, purpose: str) -> MultiFernet:
        """Locks with the secret in force, opens what any of them locked."""
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in self.derived(purpose)])

    def mark(self, purpose: str, *parts: str) -> str:
        """What is kept of something short, so that reading it gives nothing away."""
        return _mark(self.now, purpose, parts)

    def marks(self, purpose: str, *parts: str) -> list[str]:
        """What may have been kept of it, under each key."""
        return [_mark(key, purpose, parts) for key in self.all]

    def is_mark(self, kept: str, purpose: str, *parts: str) -> bool:
        """Whether it is what was kept of this; how long it takes does not tell how much of it is."""
        return any(hmac.compare_digest(kept.encode(), mark.encode()) for mark in self.marks(purpose, *parts))


def key_mark(key: str) -> str:
    """By what a database knows a key again. Whoever reads it can try keys, as with anything that a key closed."""
    return Keys(key).mark("known key")


def _mark(key: str, purpose: str, parts: tuple[str, ...]) -> str:
    said = "\0".join((purpose, *parts)).encode("utf-8", "replace")
    return hmac.digest(key.encode(), said, hashlib.sha256).hex()
