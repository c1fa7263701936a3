"""PDF files from values and a template: shaped, tagged (PDF/UA-1), in every script, the same bytes for the same values.

Values go in as data and are never read as markup. A file carries no moment of its making and no chance.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from lms.kit.typesetting.glyphs import FONTS, families, printed

HERE = Path(__file__).parent
Templates = tuple[Path, ...]
"""Set one after the other as one, behind `house.typ`."""
UNTITLED = "Document"
INK, BRAND = "#13242b", "#0a3541"
"""Colours of codes that phones read; all others stand in `house.typ`."""


def typeset(templates: Templates, title: str, owner: str, values: Mapping[str, Any], *, about: str = "") -> bytes:
    """The finished file. What no font holds is printed as an empty box (`glyphs.lacking` says it before)."""
    made = _compiler(templates, title, owner, values, about).compile(format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)  # one file, as no path was given  # noqa: S101
    return made


def laid_out(templates: Templates, title: str, owner: str, values: Mapping[str, Any]) -> Any:
    """What a template says of itself under the label `said`, without making a file."""
    return json.loads(_compiler(templates, title, owner, values, "").query("<said>", field="value", one=True))


def qr_drawing(address: str, colour: str, *, quiet: int) -> str:
    """The address as a code that phones read, as SVG, with `quiet` modules of paper around it."""
    return segno.make(address, error="m", micro=False).svg_inline(border=quiet, dark=colour, light="#fff")


def _compiler(templates: Templates, title: str, owner: str, values: Mapping[str, Any], about: str) -> typst.Compiler:
    given = {
        "title": title if printed(title).strip() else UNTITLED,
        "owner": owner,
        "about": about,
        "families": list(families()),
        **values,
    }
    return typst.Compiler(
        _source(templates),
        root=HERE,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(printed(given))},
    )


@cache
def _source(templates: Templates) -> bytes:
    return b"\n".join(each.read_bytes() for each in (HERE / "house.typ", *templates))


@cache
def _fonts() -> typst.Fonts:
    """Ours alone, so that a document looks the same wherever it is made."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
