"""Whether a partnership's colours can be read. Pure."""

import re

from lms.kit.errors import Invalid

COLOUR = re.compile(r"#[0-9a-f]{6}")
LEAST_CONTRAST = 4.5
"""WCAG 2.2 AA for text."""

LEAST_CONTRAST_OF_SHAPES = 3.0
"""WCAG 2.2 AA for bars and borders."""


def clean_colour(typed: str, *, field: str) -> str:
    """A colour as it is kept: # and six figures in lower case. Nothing stays nothing."""
    colour = typed.strip().lower()
    if colour and not COLOUR.fullmatch(colour):
        raise Invalid("Enter the colour as # and six figures or letters, like #0f4a5a.", field=field)
    return colour


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def check_brand(*, brand: str, brand_dark: str, brand_mid: str, brand_tint: str) -> None:
    """Four colours that go together, or none: our own are used then."""
    colours = {"brand": brand, "brand_dark": brand_dark, "brand_mid": brand_mid, "brand_tint": brand_tint}
    missing = [name for name, colour in colours.items() if not colour]
    if missing and len(missing) < len(colours):
        raise Invalid("Give all four colours, or none.", field=missing[0])
    if missing:
        return
    _check("#ffffff", brand, LEAST_CONTRAST, "White words on this colour", field="brand")
    _check("#ffffff", brand_dark, LEAST_CONTRAST, "White words on this colour", field="brand_dark")
    _check("#ffffff", brand_mid, LEAST_CONTRAST_OF_SHAPES, "Bars of this colour on white", field="brand_mid")
    _check(brand_dark, brand_tint, LEAST_CONTRAST, "The dark colour’s words on this one", field="brand_tint")


def _check(one: str, other: str, least: float, what: str, *, field: str) -> None:
    found = contrast(one, other)
    if found < least:
        way = "paler" if field == "brand_tint" else "darker"
        raise Invalid(
            f"{what} cannot be read well: the contrast is {found:.1f} and must be {least} or more. Choose a {way} one.",
            field=field,
        )


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
