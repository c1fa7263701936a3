"""Which stage and publication of a review can both be true."""

import pytest

from reviews.cases.rules import OUT, Publication, ReviewStage, is_reportable


@pytest.mark.parametrize("stage", list(ReviewStage))
@pytest.mark.parametrize("publication", list(Publication))
def test_what_is_out_was_published_and_what_was_published_is_out_or_embargoed(
    stage: ReviewStage, publication: Publication
) -> None:
    is_published = stage is ReviewStage.PUBLISHED
    allowed = (publication in OUT or publication is Publication.EMBARGOED) if is_published else publication not in OUT
    assert is_reportable(stage, publication) is allowed
