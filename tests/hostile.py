"""Names as attackers type them, and names that look odd and are somebody's."""

import re

BREAKS = ["\r\n", *(chr(each) for each in [*range(32), 0x7F, 0x80, 0x85, 0x9F]), "\u2028", "\u2029"]
TURNS = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]

HOSTILE_NAMES = [
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "=?utf-8?q?=0D=0ABcc:_all@rvch.example?=",
    "=?utf-8?b?DQpCY2M6IGFsbEBydmNoLmV4YW1wbGU=?=",
    "=?iso-8859-1?q?=0a?=",
    "=?utf-8?q?=00?=",
    "=?utf-8?q?x?= =?utf-8?q?y?=",
    "=?utf-7?q?+AA0ACg-?=",
    "=?unknown-charset?q?x?=",
    "=?utf-8?b?!!!?=",
    "=?utf-8?q?=ED=A0=80?=",
    "=?idna?b?xn--?=",
    "Ann =?utf-8*cy?q?x?=",
    "Ann =?",
    "=?" * 99,
    "Ann http://evil.example/sign-in",
    "https://evil.example",
    "javascript://%0aalert(1)",
    "Your parcel waits: ftp://evil.example",
    *(f"Ann{each}Bcc: all@rvch.example" for each in BREAKS),
    *(f"Ann {each}nna" for each in TURNS),
    "Ann \ud800",
    "Ann \udfff\udfff",
    "Ann\x1b]0;x\x07",
    "Ann \ufffd",
    "A" * 201,
    "Ann " * 60_000,
]
"""Refused wherever a name is typed."""

STORED_NAMES = [each for each in HOSTILE_NAMES if not re.search("[\0\ud800-\udfff]", each)]
"""Those that a database can hold; the others it refuses by itself."""

HARMLESS_NAMES = [
    "Siân Evans (she/her)",
    "Siân Evans, DSL",
    "Zoë: lead",
    "Renée @ Tŷ Gwyn",
    "O’Neill, Chloe",
    "Chloe O’Neill (Ysgol Bryn Elian)",
    "Siân Evans",
    "Anne Okoro (she/her)",
    "José [Pepe] Ruiz",
    'Łucja "Lu" Żak',
    "Dr. Siân Evans",
    "Siân <admin> Evans",
    'Anne "\\" Okoro',
    '"',
    "\\",
    ";",
    "<>",
    "ann@rvch.example, bob@rvch.example",
    "a: b@rvch.example;",
    "Bcc: all@rvch.example",
    "(((",
    "محمد علی\u200cزاده",
    "ශ්\u200dරී ලංකා",
    "李小龍",
    "Ngọc Nguyễn",
    "👩\u200d🏫 Miss Osei",
    "Ελένη Παπαδοπούλου",
    "Ольга Шевченко",
    "?=",
    "x" * 200,
    "Łucja " * 33 + "Ł",
    "😀" * 200,
]
"""Odd, and valid: they arrive exactly as they are."""
