"""Which stage and publication of a review can both be true."""

import pytest

from reviews.cases.rules import OUT, Publication, Stage, is_reportable


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("publication", list(Publication))
def test_what_is_out_was_published_and_what_was_published_is_out_or_embargoed(
    stage: Stage, publication: Publication
) -> None:
    is_published = stage is Stage.PUBLISHED
    allowed = (publication in OUT or publication is Publication.EMBARGOED) if is_published else publication not in OUT
    assert is_reportable(stage, publication) is allowed
