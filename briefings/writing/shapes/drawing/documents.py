"""What the PDFs of briefings share: the source as the templates take it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefings.text.rules import Block, Run, blocks_of
from briefings.writing.rules import SHAPES
from briefings.writing.shapes.rules import Section, Source
from lms.kit.typesetting.setting import BRAND, qr_drawing

SHARED = Path(__file__).parent / "briefing.typ"
QUIET = 4
"""How many squares of paper a code needs around it on a dark ground."""


@dataclass(frozen=True)
class Surround:
    """What stands around the words: whose it is and where it can be found."""

    owner: str
    address: str
    base_url: str

    @property
    def said(self) -> str:
        """The address as people type it."""
        return self.address.split("://", 1)[-1]


def values_of(source: Source, sheet: Surround) -> dict[str, Any]:
    """A source and what stands around it."""
    return {
        "kind": SHAPES[source.kind].name,
        "name": source.title,
        "summary": source.summary,
        "line": source.about,
        "said": sheet.said,
        "address": sheet.address,
        "qr": qr_drawing(sheet.address, BRAND, quiet=QUIET),
        "sections": [_section(each, sheet.base_url) for each in source.sections],
    }


def _section(section: Section, base_url: str) -> dict[str, Any]:
    asked = [Block((Run(each),), level=1) for each in section.questions]
    blocks = [_block(each, base_url) for each in (*blocks_of(section.body), *asked)]
    return {"number": section.number, "title": section.title, "blocks": blocks}


def _block(block: Block, base_url: str) -> dict[str, Any]:
    runs = [
        {
            "words": run.words,
            "is_bold": run.is_bold,
            "url": base_url + run.url if run.url.startswith("/") else run.url,
        }
        for run in block.runs
    ]
    return {"level": block.level, "number": block.number, "is_quote": block.is_quote, "runs": runs}
