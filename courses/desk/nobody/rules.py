"""The references of people without a name: only a secret key leads from a person to theirs."""

import hashlib
import hmac

from lms.kit.keys import Keys


def nobodys_refs(keys: Keys, person_id: int) -> list[str]:
    """Under which the person without a name may stand who has somebody's old bookings: one a key, the newest first."""
    said = f"bookings of {person_id}".encode()
    return [f"ERASED-{hmac.digest(key.encode(), said, hashlib.sha256).hex()[:12]}" for key in keys.all]
