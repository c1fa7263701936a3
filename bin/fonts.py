"""Makes the fonts of PDF documents from the Noto families, and the table of what they hold.

    python bin/fonts.py FOLDER [--out lms/kit/fonts]

FOLDER holds the families as Noto publishes them, one file each (variable or not); `FAMILIES` says which are wanted, in
the order in which a letter is looked for. Of Chinese and Korean what GB 2312, Big5 and KS X 1001 know is kept.
"""

import argparse
import re
from collections.abc import Iterable, Iterator
from itertools import groupby, product
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).parents[1]
NAMES = "Arabic Hebrew Bengali Devanagari Gujarati Gurmukhi Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao"
MORE = "Khmer Myanmar Ethiopic Georgian Armenian SC KR"
FAMILIES = ("Sans", *(f"Sans{each}" if each != "Arabic" else "NaskhArabic" for each in f"{NAMES} {MORE}".split()))
"""Arabic in Naskh: its letters are one glyph each, so that words copied out of a document are whole."""
KNOWN = {"SansSC": ("gb2312", "big5"), "SansKR": ("euc_kr",)}
SHAPING = ("ccmp", "locl", "kern", "liga", "ljmo", "vjmo", "tjmo")
HANGUL, IDEOGRAPHS = range(0x3130, 0x3190), range(0x2190, 0x110000)
"""With the ideographs the arrows and boxes that Noto Sans has not."""


def main() -> None:
    """Write the files."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--out", type=Path, default=ROOT / "lms" / "kit" / "fonts")
    given = asked.parse_args()
    for family in FAMILIES:
        for weight, style in ((400, "Regular"), (700, "Bold")):
            if style == "Regular" or family == "Sans":
                make(given.folder, given.out, family, weight, style)
    (given.out / "holds.txt").write_text("".join(holds(given.out)), "ascii")


def make(folder: Path, out: Path, family: str, weight: int, style: str) -> None:
    """One weight of one family, without hints and without letters that nobody's name has."""
    (source,) = (each for each in folder.iterdir() if re.fullmatch(rf"Noto{family}([-\[_].*)?\.[ot]tf", each.name))
    font = TTFont(source)
    if "fvar" in font:
        axes = {axis.axisTag: float(weight) if axis.axisTag == "wght" else 100.0 for axis in font["fvar"].axes}
        font = instantiateVariableFont(font, axes, updateFontNames=family == "Sans")
    wanted = set(font.getBestCmap())
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.drop_tables += ["DSIG", "STAT", "MVAR", "meta"]
    if family in KNOWN:
        wanted &= set(_known(KNOWN[family]))
        wanted = {each for each in wanted if _is_of(family, each)}
        options.layout_features = list(SHAPING)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    _name(font, family, style)
    font.save(out / f"Noto{family}-{style}{source.suffix}")


def _name(font: TTFont, family: str, style: str) -> None:
    """What the font calls itself, whatever weight the variable one was called by."""
    names, words = font["name"], " ".join(re.findall("[A-Z]+[a-z]*", f"Noto{family}"))
    for number in (16, 17, 21, 22, 25):
        names.removeNames(nameID=number)
    for number, said in ((1, words), (2, style), (4, f"{words} {style}"), (6, f"Noto{family}-{style}")):
        names.setName(said, number, 3, 1, 0x409)


def _known(codes: Iterable[str]) -> Iterator[int]:
    for code, first, second in product(codes, range(0x81, 0xFF), range(0x40, 0xFF)):
        try:
            yield ord(bytes((first, second)).decode(code))
        except (UnicodeDecodeError, TypeError):
            continue


def _is_of(family: str, letter: int) -> bool:
    """Chinese letters and signs from the one, Hangul from the other."""
    is_hangul = 0xAC00 <= letter < 0xD7A4 or letter in HANGUL
    return is_hangul if family == "SansKR" else letter in IDEOGRAPHS and not is_hangul


def holds(folder: Path) -> Iterator[str]:
    """A line for each family: its name and the ranges of letters that it holds."""
    for family in FAMILIES:
        (path,) = folder.glob(f"Noto{family}-Regular.*")
        font = TTFont(path, lazy=True)
        letters = sorted(font.getBestCmap())
        runs = (list(run) for _, run in groupby(enumerate(letters), lambda each: each[1] - each[0]))
        ranges = (f"{run[0][1]:x}-{run[-1][1]:x}" if len(run) > 1 else f"{run[0][1]:x}" for run in runs)
        yield f"{font['name'].getDebugName(1)}\t{' '.join(ranges)}\n"


if __name__ == "__main__":
    main()
