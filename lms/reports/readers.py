"""Readers of a published report: anybody. What they see is what somebody sees who sees no rows and no embargo."""

from dataclasses import replace

from lms.frame.access import Actor, Role
from lms.frame.work import Work

READER = frozenset({Role.SCRUTINEER})


def as_reader(work: Work) -> Work:
    """The same work as a reader of reports would ask, so that small numbers and what is confidential stay out."""
    actor = Actor("a reader of reports", roles=READER, permissions=work.site.permissions_of(READER))
    return replace(work, actor=actor)
