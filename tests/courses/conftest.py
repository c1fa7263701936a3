"""The office for tests of services, and what it wrote on its way."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.frame.work import Work
from lms.mail.delivery import deliver_due
from tests.everything import everything
from tests.moments import NOW


@pytest.fixture
def office(app: Flask, session: Session) -> Work:
    """The site's services with their listeners, by somebody who may do everything."""
    site = app.extensions["lms"]
    return Work(session, everything(site), NOW, site)


@pytest.fixture
def deliver(app: Flask, office: Work) -> Callable[[datetime], None]:
    """Save, and deliver all that is due then."""

    def delivered(at: datetime) -> None:
        office.session.commit()
        deliver_due(app, lambda: at)
        office.session.rollback()

    return delivered
