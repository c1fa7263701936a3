"""Somebody who may do everything that the site knows a permission for, and is no person."""

from typing import Any

from lms.frame.access import Actor


def everything(site: Any) -> Actor:
    """For tests of services in which it makes no difference who acts."""
    return Actor("Everything", person_id=None, permissions=frozenset(site.roles_by_permission))
