"""Signed links: the address is the key, opens one thing, and nobody can guess one. The database holds none.

Each kind of link says once what its value looks like. What was signed with another value, by an older release or by
somebody who has the secret key, opens nothing: it reads as a link that we never sent. A link of an earlier secret key
works as long as the settings name that key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from itsdangerous import BadData, URLSafeSerializer

from lms.frame.impossible import LARGEST
from lms.frame.settings import Settings
from lms.kit.errors import NotFound

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")
LONGEST_TEXT = 254  # an email address


@dataclass(frozen=True)
class SignedLink(Generic[T]):
    """A kind of link. `shape` answers the value that was signed, or raises ValueError; `words` are for the reader."""

    salt: str
    shape: Callable[[Any], T]
    words: str

    def sign(self, settings: Settings, value: T) -> str:
        """What stands in the address."""
        return str(self._signer(settings).dumps(value))

    def read(self, settings: Settings, token: str) -> T:
        """What the link was signed for. Raises NotFound for everything that `sign` never made."""
        try:
            return self.shape(self._signer(settings).loads(token))
        except (BadData, ValueError, RecursionError):
            raise NotFound(self.words) from None

    def is_for(self, settings: Settings, token: str, value: T) -> bool:
        """Whether this link was signed for this, where a link that does not work is no reason to stop."""
        try:
            return self.read(settings, token) == value
        except NotFound:
            return False

    def _signer(self, settings: Settings) -> URLSafeSerializer:
        return URLSafeSerializer(settings.keys.oldest_first, salt=self.salt)


def row_number(value: Any) -> int:
    """The number of a row, and nothing that only converts to one."""
    if type(value) is not int or not 0 < value <= LARGEST:
        raise ValueError
    return value


def short_text(value: Any) -> str:
    """A word or an address, as a column can hold it."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or not value.isprintable():
        raise ValueError
    return value


def several(*shapes: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    """As many values as shapes, each of its own."""

    def shape(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(shapes):
            raise ValueError
        return tuple(each(part) for each, part in zip(shapes, value, strict=True))

    return shape


def pair_of(first: Callable[[Any], A], second: Callable[[Any], B]) -> Callable[[Any], tuple[A, B]]:
    """Two values, each of its own shape."""

    def shape(value: Any) -> tuple[A, B]:
        one, other = several(first, second)(value)
        return one, other

    return shape
