"""`lms plugins check`: the house's rules about a plugin, told line by line."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from lms.testing.databases import has_postgresql
from lms.testing.filling import MakeSite
from lms.testing.house import RULES
from lms.testing.tryout import Tryout, tried

FAULTS_SHOWN = 20


def check(make_site: MakeSite, names: Sequence[str], kinds: Sequence[str], tell: Callable[[str], None]) -> bool:
    """Try the last of these plugins, with those that it stands on. Whether all is well. Raises SiteError."""
    is_well = True
    for kind in kinds or (("sqlite", "postgresql") if has_postgresql() else ("sqlite",)):
        tell(f"On {kind}:")
        with (
            tempfile.TemporaryDirectory() as folder,
            tried(make_site, names, kind, Path(folder), only=names[-1]) as tryout,
        ):
            is_well = _check(tryout, tell) and is_well
    if not has_postgresql():
        tell("Not tried on PostgreSQL, and no forms: pip install 'golden-thread[testing]'")
    return is_well


def _check(tryout: Tryout, tell: Callable[[str], None]) -> bool:
    is_well = True
    for rule in RULES:
        faults = list(rule.find(tryout))
        is_well = is_well and not faults
        tell(f"{'BROKEN' if faults else 'ok':7} {rule.name}: {rule.words}")
        for fault in faults[:FAULTS_SHOWN]:
            tell(f"        {fault}")
        if len(faults) > FAULTS_SHOWN:
            tell(f"        and {len(faults) - FAULTS_SHOWN} more")
    return is_well
