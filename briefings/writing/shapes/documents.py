"""The one-page PDF: seven parts around the title as partnerships know it, or two columns for what does not fit so.

`fit_of(source)` says whether and how it fits without making a file; `one_page(source, ...)` makes it by the same steps.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from briefings.writing.rules import SHAPES, BriefingKind
from briefings.writing.shapes.drawing.documents import SHARED, Surround, values_of
from briefings.writing.shapes.rules import Source
from lms.kit.typesetting.setting import laid_out, typeset

TEMPLATES = (SHARED, Path(__file__).parent / "one-page.typ")
SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Type sizes in points, from the one we like best down to the smallest that can be read on paper."""
SMALL = 8.0
BOXES = 7
NOWHERE = Surround("x", "https://example.org/b/1", "")


@dataclass(frozen=True)
class Fit:
    """Whether a source fits one page: in which type size, None when in none. `is_around`: in seven boxes."""

    size: float | None
    is_around: bool = False

    @property
    def fits(self) -> bool:
        return self.size is not None

    @property
    def words(self) -> str:
        """For the writer."""
        if self.size is None:
            return "Does not fit one page. Shorten it."
        size = f"{self.size:g} point type"
        if self.size < SMALL:
            return f"Fits one page, but only in small type ({size}). Shorter reads better."
        return f"Fits one page in {size}."


@lru_cache(maxsize=128)
def fit_of(source: Source) -> Fit:
    """The largest type in which it fits: around the title if it is a 7-minute briefing, else in two columns.

    Kept by the words themselves, so that a page read often is laid out once.
    """
    values = values_of(source, NOWHERE)
    if source.kind is BriefingKind.SEVEN_MINUTE and len(source.sections) == BOXES:
        around = _asked(source, values, None, is_around=True)
        if around is not None:
            return Fit(around, is_around=True)
    place = bisect_left(SIZES, True, key=lambda size: _asked(source, values, size, is_around=False) is not None)
    return Fit(SIZES[place] if place < len(SIZES) else None)


def _asked(source: Source, values: dict[str, Any], size: float | None, *, is_around: bool) -> float | None:
    """The size in which it fits so, None when it does not."""
    asked = {**values, "size": size, "sizes": SIZES, "is_around": is_around}
    found: float | None = laid_out(TEMPLATES, source.title or "x", NOWHERE.owner, asked)
    return found


@lru_cache(maxsize=32)
def one_page(source: Source, sheet: Surround) -> bytes:
    """The file: always one page. What does not fit at all is set in the smallest type and ends where the page does."""
    fit = fit_of(source)
    values = {**values_of(source, sheet), "size": fit.size or SIZES[-1], "is_around": fit.is_around}
    about = f"{SHAPES[source.kind].name}. {source.about}"
    return typeset(TEMPLATES, source.title, sheet.owner, values, about=about)
