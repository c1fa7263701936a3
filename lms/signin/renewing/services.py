"""Second factors under a new secret key: authenticator secrets and recovery codes are locked afresh."""

from collections.abc import Sequence

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from lms.frame.work import Work
from lms.kit.keys import Keys
from lms.people.accounts.models import Account
from lms.signin.locks import RECOVERY, Authenticator, authenticator_secrets, tag_in, tag_of


def waiting(work: Work) -> list[int]:
    """Accounts whose second factor is not locked with the key in force."""
    keys = work.site.settings.keys
    authenticator = _authenticator(keys)
    rows = work.session.execute(
        sa.select(Account.id, Account.tf_totp_secret, Account.mf_recovery_codes)
        .where(sa.or_(Account.tf_totp_secret.is_not(None), Account.mf_recovery_codes.is_not(None)))
        .order_by(Account.id)
    )
    return [
        row.id
        for row in rows
        if (row.tf_totp_secret and not authenticator.is_under_newest(row.tf_totp_secret))
        or not _opens(keys.alone(), row.mf_recovery_codes or [])
    ]


def renew(work: Work, ids: Sequence[int]) -> int:
    """Lock these with the key in force. An account whose recovery codes no key opens stays as it is.

    A wrong key would open an authenticator secret to nonsense without a word; recovery codes tell it from a right one.
    """
    keys = work.site.settings.keys
    authenticator, cipher = _authenticator(keys), keys.cipher(RECOVERY)
    accounts = (
        sa.select(Account).where(Account.id.in_(ids)).order_by(Account.id).with_for_update(of=Account, key_share=True)
    )
    done = 0
    for account in work.session.scalars(accounts.execution_options(populate_existing=True)):
        codes, secret = account.mf_recovery_codes or [], account.tf_totp_secret
        if not _opens(keys, codes):
            continue
        if codes:
            account.mf_recovery_codes = [cipher.rotate(each.encode()).decode() for each in codes]
        if secret and not authenticator.is_under_newest(secret):
            account.tf_totp_secret = authenticator.renewed(secret)
        done += secret != account.tf_totp_secret or bool(codes)
    return done


def proves(work: Work, key: str) -> bool:
    """Whether a recovery code opens with this key, or an authenticator secret says that it locked it."""
    one, tag = Keys(key), tag_of(key)
    rows = work.session.execute(sa.select(Account.tf_totp_secret, Account.mf_recovery_codes).order_by(Account.id))
    return any(
        (row.tf_totp_secret and tag_in(row.tf_totp_secret) == tag)
        or (row.mf_recovery_codes and _opens(one, row.mf_recovery_codes[:1]))
        for row in rows
    )


def _opens(keys: Keys, codes: Sequence[str]) -> bool:
    cipher = keys.cipher(RECOVERY)
    try:
        for each in codes:
            cipher.decrypt(each.encode())
    except InvalidToken:
        return False
    return True


def _authenticator(keys: Keys) -> Authenticator:
    return Authenticator(authenticator_secrets(keys), issuer="")
