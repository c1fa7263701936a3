"""Sectors, agencies with their dates, names and successors, and role groups."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base, Changing
from lms.frame.folding import kept_folded


class Sector(Base):
    """A reporting group of agencies. Editable."""

    __tablename__ = "sector"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int] = mapped_column(default=0)


class RoleGroup(Base):
    """The kind of worker that a course is for and that a person is."""

    __tablename__ = "role_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int] = mapped_column(default=0)


class Agency(Changing, Base):
    """An employing organisation or setting. A merged agency is closed and names its successor."""

    __tablename__ = "agency"
    __table_args__ = (
        sa.CheckConstraint(
            "closed_on IS NULL OR opened_on IS NULL OR closed_on >= opened_on", name="closes_after_opening"
        ),
        sa.CheckConstraint("successor_id IS NULL OR successor_id <> id", name="not_its_own_successor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_folded: Mapped[str] = kept_folded("name")
    sector_id: Mapped[int] = mapped_column(sa.ForeignKey("sector.id"), index=True)
    charge_email: Mapped[str] = mapped_column(default="")
    is_exempt: Mapped[bool] = mapped_column(default=False)
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))

    sector: Mapped[Sector] = relationship()
    successor: Mapped["Agency | None"] = relationship(remote_side=[id])
    domains: Mapped[list["AgencyDomain"]] = relationship(
        cascade="all, delete-orphan", order_by="AgencyDomain.domain", back_populates="agency"
    )
    former_names: Mapped[list["FormerAgencyName"]] = relationship(
        cascade="all, delete-orphan", order_by="FormerAgencyName.until_on"
    )


class AgencyDomain(Base):
    """An email domain whose people may register themselves. Belongs to one agency only."""

    __tablename__ = "agency_domain"

    domain: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)

    agency: Mapped[Agency] = relationship(back_populates="domains")


class FormerAgencyName(Base):
    """What an agency was called until a day, so that reports can be shown as they were."""

    __tablename__ = "former_agency_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    name_folded: Mapped[str] = kept_folded("name")
    until_on: Mapped[date]
