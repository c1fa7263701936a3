"""A review: any learning exercise. No column here holds a child's name, date of birth or address."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base, text_with_check
from reviews.cases.rules import AgeBand, CaseDates, Decision, Ethnicity, Publication, ReviewStage, ReviewType
from reviews.themes.models import Theme

review_theme = sa.Table(
    "review_theme",
    Base.metadata,
    sa.Column("review_id", sa.ForeignKey("review.id"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("learning_theme.id"), primary_key=True, index=True),
)


class Review(Base):
    """One review. Its publication state is one column, so that lists by state add up to the number of reviews.

    `publication` is EMBARGOED exactly while an embargo stands (see `reviews.embargoes`): no other code sets it.
    """

    __tablename__ = "review"
    __table_args__ = (
        sa.CheckConstraint("publication NOT IN ('full', 'part') OR stage = 'published'", name="out_when_published"),
        sa.CheckConstraint(
            "stage <> 'published' OR publication IN ('full', 'part', 'embargoed')", name="published_when_out"
        ),
        sa.CheckConstraint("publication <> 'none' OR not_published_reason <> ''", name="none_has_reason"),
        sa.Index("ix_review_publication", "publication"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    headline: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    report_url: Mapped[str] = mapped_column(default="")
    stage: Mapped[ReviewStage] = mapped_column(text_with_check(ReviewStage, name="stage"), default=ReviewStage.NOTED)
    decision: Mapped[Decision | None]
    publication: Mapped[Publication] = mapped_column(default=Publication.IN_PROGRESS)
    not_published_reason: Mapped[str] = mapped_column(default="")
    known_on: Mapped[date | None]
    notified_on: Mapped[date | None]
    rapid_review_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    published_on: Mapped[date | None]
    notification_reason: Mapped[str] = mapped_column(default="")
    rapid_review_reason: Mapped[str] = mapped_column(default="")
    publication_reason: Mapped[str] = mapped_column(default="")
    age_band: Mapped[AgeBand | None]
    ethnicity: Mapped[Ethnicity | None]
    shows_background: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    kinds: Mapped[list["ReviewKind"]] = relationship(
        cascade="all, delete-orphan", order_by="ReviewKind.type", lazy="selectin"
    )
    themes: Mapped[list[Theme]] = relationship(secondary=review_theme, order_by=Theme.name)

    @property
    def types(self) -> list[ReviewType]:
        """What it is, in the order in which types are always listed."""
        are = {kind.type for kind in self.kinds}
        return [each for each in ReviewType if each in are]

    @property
    def is_embargoed(self) -> bool:
        return self.publication is Publication.EMBARGOED

    @property
    def dates(self) -> CaseDates:
        """The days that its clocks are counted from."""
        names = CaseDates.__dataclass_fields__
        return CaseDates(**{name: getattr(self, name) for name in names})


class ReviewKind(Base):
    """One of the types that a review is."""

    __tablename__ = "review_kind"

    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), primary_key=True)
    type: Mapped[ReviewType] = mapped_column(primary_key=True)
