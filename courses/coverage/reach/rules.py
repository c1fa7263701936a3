"""When reach is thin. Pure."""

from lms.kit.telling.numbers import SMALL


def is_thin(reached: int, audience: int, all_reached: int, all_audience: int) -> bool:
    """Whether a sector's share is below two thirds of everybody's."""
    return audience >= SMALL and 3 * reached * all_audience < 2 * all_reached * audience
