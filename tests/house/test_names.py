"""A page is found by its name: the blueprint says the package, and the folder of templates says it too."""

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]
PACKAGES = ("lms", "reviews", "courses", "charges", "surveys", "briefings")
TEMPLATE = re.compile(r'"((?:[a-z_]+/)+)[a-z_]+\.html"')
OF_ANOTHER = {("surveys.workforce", "surveys/answers/")}
"""A round of the workforce survey thanks as every survey does."""


def topic_of(package: str) -> str:
    return package.rpartition(".")[2]


def views() -> Iterator[tuple[str, str]]:
    """Each topic that has pages, with the text of its views."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("views.py")):
            yield ".".join(path.parent.relative_to(ROOT).parts), path.read_text(encoding="utf-8")


def misplaced(package: str, text: str) -> Iterator[str]:
    """Templates that lie in no folder of the topic, nor of the one that it stands in."""
    whose = set(package.split(".")[-2:])
    for folder in TEMPLATE.findall(text):
        if topic_of(folder.rstrip("/").replace("/", ".")) not in whose and (package, folder) not in OF_ANOTHER:
            yield f"{package}: {folder}"


def test_a_blueprint_is_called_as_its_package(app: Flask) -> None:
    found = [(each.import_name, name) for name, each in app.blueprints.items() if each.import_name.endswith(".views")]
    assert len(found) > 60
    assert [(module, name) for module, name in found if topic_of(module.removesuffix(".views")) != name] == []


def test_templates_lie_in_a_folder_of_their_topic() -> None:
    found = list(views())
    assert len(found) > 60
    assert [line for package, text in found for line in misplaced(package, text)] == []


def test_a_template_of_another_topic_is_found() -> None:
    assert list(misplaced("reviews.points", 'page("reviews/learning/point.html")')) == [
        "reviews.points: reviews/learning/"
    ]
