"""What a stranger's package may import: the guide's table, and no more."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from lms.frame.plugins import Plugin
from lms.testing.source import wrong_source
from tests.built_in import BUILT_IN

MODULE = "golden_thread_sources"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("from lms.frame.web import page", ""),
        ("from lms.frame import cells", ""),
        ("from lms.frame import cells, site", "imports lms.frame, which"),
        ("from lms.frame.site import assemble", "imports lms.frame.site, which"),
        ("from lms.hosting.app import create_app", "imports lms.hosting.app, which"),
        ("import lms.kit.words", ""),
        ("from lms.people.models import Person", ""),
        ("from lms.people.views import bp", "imports lms.people.views, which"),
        ("from courses.questions import ChargedTo", ""),
        ("from reviews.facts import ReviewPublished", ""),
        ("from charges.charge.models import Charge", "imports charges.charge.models, and `requires` does not name"),
        ("from lms.agencies.queries import _chosen", "imports lms.agencies.queries._chosen, which is private"),
        ("import sqlalchemy", ""),
    ],
)
def test_an_import_is_open_or_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, fault: str) -> None:
    package = ModuleType(MODULE)
    package.__path__ = [str(tmp_path)]
    monkeypatch.setitem(sys.modules, MODULE, package)
    (tmp_path / "services.py").write_text(f"{line}\n", encoding="utf-8")
    plugin = Plugin("sources", "Sources", package=MODULE, requires=("courses",))
    tryout = SimpleNamespace(plugins=[plugin], site=SimpleNamespace(plugins=[*BUILT_IN, plugin]))
    found = list(wrong_source(cast(Any, tryout)))
    assert [line for line in found if fault not in line] == []
    assert len(found) == (1 if fault else 0)
