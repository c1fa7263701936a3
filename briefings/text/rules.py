"""Markdown as blocks of runs, and from these every shape: HTML, plain text, the runs of a PDF, the number of words.

Only paragraphs, lists, emphasis and links are known; anything else is read as the words that it holds, and what looks
like HTML is printed as it stands. All shapes come from the same blocks, so they say the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "code"])
_LINKS = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\]|%5c))[^\s\\]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_](?:[\w’'&.,:/@-]*[^\W_])?")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote"}
ATTRIBUTES = {"a": {"href", "class"}, "p": {"class"}, "ul": {"class"}, "ol": {"class", "start"}}


@dataclass(frozen=True)
class Run:
    """Some words that look alike. A run "\\n" breaks the line."""

    words: str
    is_bold: bool = False
    is_italic: bool = False
    url: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, or an item of a list. `number` is an ordered item's; `level` 1 is the outermost list."""

    runs: tuple[Run, ...]
    level: int = 0
    number: int | None = None
    is_quote: bool = False

    @property
    def is_item(self) -> bool:
        return self.level > 0

    @property
    def words(self) -> str:
        """What it says, on one line."""
        return " ".join("".join(run.words for run in self.runs).split())


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Read Markdown. Never fails: what makes no sense is words."""
    made: list[Block] = []
    for block, goes_on in _blocks(_READER.parse(markdown)):
        if goes_on and made:
            made[-1] = replace(made[-1], runs=(*made[-1].runs, Run("\n"), *block.runs))
        else:
            deepest = made[-1].level + 1 if made else 1
            made.append(replace(block, level=min(block.level, deepest)))
    return tuple(made)


@dataclass
class _Place:
    """Where in the text the reader is: `lists` has the number of the item in each list around it, None for bullets."""

    lists: list[int | None] = field(default_factory=list)
    quotes: int = 0
    is_heading: bool = False
    is_fresh: bool = False

    def move(self, kind: str, token: Token) -> None:
        match kind:
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                start = token.attrs.get("start")
                self.lists.append((1 if start is None else int(start)) - 1)
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.is_fresh = True
                self.lists[-1] = None if self.lists[-1] is None else self.lists[-1] + 1
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting
            case "heading_open" | "heading_close":
                self.is_heading = token.nesting > 0

    def block(self, runs: Iterable[Run]) -> tuple[Block, bool]:
        made = tuple(replace(run, is_bold=True) if self.is_heading else run for run in runs)
        goes_on = bool(self.lists) and not self.is_fresh
        self.is_fresh = False
        return Block(made, len(self.lists), self.lists[-1] if self.lists else None, self.quotes > 0), goes_on


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether it goes on with the item before it (a second paragraph of an item)."""
    place = _Place()
    for token in tokens:
        place.move(token.type, token)
        runs = [Run(token.content.strip())] if token.type == "fence" else list(_runs(token.children or ()))
        if any(run.words.strip() for run in runs):
            yield place.block(runs)


def _runs(tokens: Iterable[Token]) -> Iterator[Run]:
    bold = italic = 0
    url = ""
    for token in tokens:
        match token.type:
            case "strong_open":
                bold += 1
            case "strong_close":
                bold -= 1
            case "em_open":
                italic += 1
            case "em_close":
                italic -= 1
            case "link_open":
                href = str(token.attrs.get("href", ""))
                url = href if _LINKS.fullmatch(href) else ""
            case "link_close":
                url = ""
            case "softbreak":
                yield Run(" ", bold > 0, italic > 0, url)
            case "hardbreak":
                yield Run("\n")
            case _:
                if token.content:
                    yield Run(token.content, bold > 0, italic > 0, url)


# Shapes


def html_of(blocks: Iterable[Block], *, base_url: str = "", is_govuk: bool = False) -> str:
    """HTML of our own few tags. `is_govuk` gives them the classes of pages; letters do without.

    `base_url` goes before addresses of this site, for letters. Cleaned once more at the end, so that a mistake here
    could not let anything through.
    """
    made = "".join(_html(list(blocks), PAGES if is_govuk else LETTERS, base_url))
    return nh3.clean(
        made, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None
    )


@dataclass(frozen=True)
class _Look:
    paragraph: str = ""
    bullets: str = ""
    numbers: str = ""

    @property
    def link(self) -> str:
        return "govuk-link" if self.paragraph else ""


LETTERS = _Look()
PAGES = _Look("govuk-body", "govuk-list govuk-list--bullet", "govuk-list govuk-list--number")


def _html(blocks: Sequence[Block], look: _Look, base_url: str) -> Iterator[str]:
    open_lists: list[str] = []
    for block in blocks:
        tag = "ul" if block.number is None else "ol"
        ends = block.is_item and len(open_lists) == block.level and open_lists[-1] != tag
        while len(open_lists) > block.level - ends:
            yield f"</li></{open_lists.pop()}>"
            ends = block.is_item and len(open_lists) == block.level and open_lists[-1] != tag
        if block.is_item and len(open_lists) == block.level:
            yield "</li>"
        while len(open_lists) < block.level:
            start = f' start="{block.number}"' if block.number not in (None, 1) else ""
            yield f"<{tag}{_class(look.bullets if tag == 'ul' else look.numbers)}{start}>"
            open_lists.append(tag)
        inner = "".join(_run_html(run, look, base_url) for run in block.runs)
        if block.is_item:
            yield f"<li>{inner}"
        elif block.is_quote:
            yield f"<blockquote><p{_class(look.paragraph)}>{inner}</p></blockquote>"
        else:
            yield f"<p{_class(look.paragraph)}>{inner}</p>"
    for tag in reversed(open_lists):
        yield f"</li></{tag}>"


def _run_html(run: Run, look: _Look, base_url: str) -> str:
    if run.words == "\n":
        return "<br>"
    made = escape(run.words, quote=False)
    made = f"<em>{made}</em>" if run.is_italic else made
    made = f"<strong>{made}</strong>" if run.is_bold else made
    if run.url:
        url = base_url + run.url if run.url.startswith("/") else run.url
        made = f'<a{_class(look.link)} href="{escape(url)}">{made}</a>'
    return made


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def text_of(blocks: Iterable[Block], *, base_url: str = "") -> str:
    """Plain text, a line for each paragraph or item; an address stands after its words."""
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        words = "".join(_run_text(run, base_url) for run in block.runs)
        words = "\n".join(" ".join(line.split()) for line in words.split("\n"))
        if before is not None and not (before.is_item and block.is_item):
            lines.append("")
        if block.is_item:
            mark = "* " if block.number is None else f"{block.number}. "
            lines.append("  " * (block.level - 1) + mark + words.replace("\n", " "))
        else:
            lines.append(words)
        before = block
    return "\n".join(lines)


def _run_text(run: Run, base_url: str) -> str:
    if not run.url:
        return run.words
    url = base_url + run.url if run.url.startswith("/") else run.url
    plain = url.removeprefix("mailto:").removeprefix("tel:")
    return run.words if plain in run.words else f"{run.words}: {plain}"


def kept(typed: str) -> str:
    """What was typed, with plain line breaks and without signs that no database and no file keeps."""
    return _NOT_TEXT.sub("", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()


def words_in(text: str) -> int:
    """How many words a reader reads: signs of Markdown and addresses behind words are none."""
    return sum(len(_WORD.findall(block.words)) for block in blocks_of(text))


def plain(text: str) -> str:
    """All that it says, a line for each block: for searching, and for looking for identifying detail."""
    return "\n".join(block.words for block in blocks_of(text))
