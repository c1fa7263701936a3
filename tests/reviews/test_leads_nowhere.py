"""Words shared from a hidden review lead nowhere: six in a row are a quotation, five are common words."""

import pytest

from lms.kit.errors import Invalid
from reviews.embargoes.rules import check_leads_nowhere

HIDDEN = "the infant was left alone in the flat on three nights before anyone asked"


@pytest.mark.parametrize("start", range(len(HIDDEN.split()) - 5))
def test_six_words_in_a_row_are_refused_wherever_they_stand(start: int) -> None:
    run = " ".join(HIDDEN.split()[start : start + 6])
    with pytest.raises(Invalid, match="repeats words"):
        check_leads_nowhere(f"We learned: {run.upper()}, and more", hidden=[HIDDEN])


@pytest.mark.parametrize("start", range(len(HIDDEN.split()) - 4))
def test_five_words_in_a_row_are_not(start: int) -> None:
    check_leads_nowhere(f"We learned: {' '.join(HIDDEN.split()[start : start + 5])}, and more", hidden=[HIDDEN])


def test_a_shorter_title_is_refused_as_a_whole() -> None:
    with pytest.raises(Invalid):
        check_leads_nowhere("About Child Q again", hidden=["Child Q"])
    check_leads_nowhere("About a child again", hidden=["Child Q", ""])
