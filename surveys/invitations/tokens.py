"""The signed links by which somebody answers without an account. Nobody can guess one, and the database holds none."""

from itsdangerous import BadSignature, URLSafeSerializer

from lms.frame.work import Work

SALT = "surveys.invitation"


def token_of(work: Work, invitation_id: int) -> str:
    """What makes a link open this one invitation."""
    return str(_signer(work).dumps(invitation_id))


def read_token(work: Work, token: str) -> int | None:
    """The invitation of a link; None for one that we did not sign."""
    try:
        return int(_signer(work).loads(token))
    except (BadSignature, TypeError, ValueError):
        return None


def _signer(work: Work) -> URLSafeSerializer:
    return URLSafeSerializer(work.site.settings.secret_key, salt=SALT)
