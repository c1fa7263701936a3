"""The signed link by which somebody leaves a mailing list without an account."""

from itsdangerous import BadSignature, URLSafeSerializer

from lms.kit.errors import NotFound
from lms.lists.rules import Leaver

SALT = "lms.lists.leave"
NO_SUCH_LINK = "This link does not work. Open it from our newest letter, or ask the training team."


def leaving_token(secret_key: str, leaver: Leaver) -> str:
    """What makes a link stop the letters of one list for one reader; nothing else. It never ends."""
    return str(_signer(secret_key).dumps([leaver.list_name, leaver.person_id or leaver.address]))


def read_leaving_token(secret_key: str, token: str) -> Leaver:
    """Whose link it is. Raises NotFound for one that we did not sign."""
    try:
        list_name, who = _signer(secret_key).loads(token)
    except BadSignature:
        raise NotFound(NO_SUCH_LINK) from None
    return Leaver(list_name, person_id=who) if isinstance(who, int) else Leaver(list_name, address=who)


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=SALT)
