"""Templates: the host's folder, and each plugin's under its name; what they can rely on, and whether they are whole."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from flask import Flask
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)

from lms.frame.lines import package_folder
from lms.frame.plugins import Plugin
from lms.kit import words
from lms.kit.lookalikes import spelt_out
from lms.kit.telling.numbers import as_told, few, too_few
from lms.kit.typesetting.glyphs import lacking_on, not_printed
from lms.kit.wrapping import wrap_letter

HOST_TEMPLATES = Path(__file__).parents[1] / "templates"
LETTER_PARTS = ("subject.txt", "body.txt", "body.html")
WORDS: tuple[Callable[..., str], ...] = (
    words.long_date,
    words.short_date,
    words.day_and_month,
    words.clock,
    words.moment,
    words.duration,
    words.short_duration,
    words.pounds,
    words.ordinal,
    words.listed,
    spelt_out,
    as_told,
    few,
    too_few,
    not_printed,
)


def start_templates(app: Flask, plugins: Sequence[Plugin]) -> None:
    """`parking/spaces.html` is `templates/spaces.html` in the package of parking, `email/parking/` its `email/`."""
    own = {each.name: str(folder) for each in plugins if (folder := folder_of_templates(each)) is not None}
    pages: dict[str, BaseLoader] = {name: FileSystemLoader(folder) for name, folder in own.items()}
    letters = {name: FileSystemLoader(Path(folder) / "email") for name, folder in own.items()}
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(HOST_TEMPLATES), PrefixLoader({**pages, "email": PrefixLoader(letters)})]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["wrap"] = wrap_letter
    app.jinja_env.filters["lacking_on"] = lacking_on
    for filter_of_words in WORDS:
        app.jinja_env.filters[filter_of_words.__name__] = filter_of_words


def folder_of_templates(plugin: Plugin) -> Path | None:
    """Where the templates of a plugin lie that brings its own."""
    folder = package_folder(plugin)
    return folder / "templates" if folder and (folder / "templates").is_dir() else None


def wrong_templates(environment: Environment, plugin: Plugin) -> Iterator[str]:
    """What is wrong with the templates and the letters of a plugin, a sentence each."""
    folder = folder_of_templates(plugin)
    for name in sorted(_names(plugin, folder)) if folder else ():
        try:
            missing = _missing_blocks(environment, name)
        except TemplateSyntaxError as fault:
            yield f"{plugin.name}: {name}, line {fault.lineno}: {fault.message}"
        except TemplateNotFound as fault:
            yield f"{plugin.name}: {name} extends {fault.message}, which is not there."
        else:
            yield from (f"{plugin.name}: {name} needs a block {block}." for block in missing)
    yield from _wrong_letters(plugin, folder)


def _names(plugin: Plugin, folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.*"):
        inside = path.relative_to(folder)
        is_letter = inside.parts[0] == "email"
        yield f"email/{plugin.name}/{Path(*inside.parts[1:])}" if is_letter else f"{plugin.name}/{inside}"


def _missing_blocks(environment: Environment, name: str) -> list[str]:
    """The blocks that a template must fill, because what it extends requires them. `_names` are only parts."""
    if name.rpartition("/")[2].startswith("_") or environment.loader is None:
        _parse(environment, name)
        return []
    filled: set[str] = set()
    missing: list[str] = []
    parent: str | None = name
    while parent is not None:
        tree = _parse(environment, parent)
        for block in tree.find_all(nodes.Block):
            if block.required and block.name not in (*filled, *missing):
                missing.append(block.name)
            filled.add(block.name)
        extends = tree.find(nodes.Extends)
        parent = extends.template.value if extends and isinstance(extends.template, nodes.Const) else None
    return missing if parent != name else []


def _parse(environment: Environment, name: str) -> nodes.Template:
    source = environment.loader.get_source(environment, name)[0] if environment.loader else ""
    tree = environment.parse(source, name)
    environment.compile(source, name)  # filters and tests that are not there
    return tree


def _wrong_letters(plugin: Plugin, folder: Path | None) -> Iterator[str]:
    """Every letter is whole, has an example, and every example a letter."""
    letters = folder / "email" if folder else Path("nowhere")
    there = {path.name for path in letters.iterdir() if path.is_dir()} if letters.is_dir() else set()
    shown = {each.kind.partition(".")[2] for each in plugin.letters}
    for name in sorted(there):
        for part in LETTER_PARTS:
            if not (letters / name / part).is_file():
                yield f"{plugin.name}: the letter {plugin.name}.{name} has no {part}."
    for name in sorted(there - shown):
        yield f"{plugin.name}: the letter {plugin.name}.{name} has no LetterExample among `letters`."
    for name in sorted(shown - there):
        yield f"{plugin.name}: there is no folder templates/email/{name} for the letter {plugin.name}.{name}."
