"""The PDF by the link of the letter: without a code, for whoever the certificate is of and as long as it is valid."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from flask.testing import FlaskClient

from courses.programme.events.models import Event
from courses.records.certificates.queries import PDF
from courses.records.certificates.services import issue_for_event, withdraw_certificate
from lms.frame.work import Work
from lms.people.models import Person
from tests.application import SIGNING
from tests.courses.records.conftest import Attend
from tests.make import Make
from tests.moments import NOW


def test_the_letter_brings_the_pdf_and_its_link_ends_with_the_certificate_and_the_address(
    client: FlaskClient,
    work: Work,
    make: Make,
    held: Event,
    attend: Attend,
    deliver: Callable[[datetime], None],
    sign_in: Callable[[Person], FlaskClient],
    tmp_path: Path,
) -> None:
    amara, other = make.person("Amara Fenwick-Osei"), make.person("Tobiah")
    booking = attend(held, amara)
    (certificate,) = issue_for_event(work, held.id)
    deliver(NOW + timedelta(days=1))
    (letter,) = (tmp_path / "mailbox").glob("*.eml")
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()
    (link,) = re.findall(r"http://localhost(/certificates/from-email/\S+)", text)
    sheet = client.get(link)
    assert (sheet.status_code, sheet.mimetype, sheet.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert sign_in(other).get(link).status_code == 403
    forged = PDF.sign(SIGNING, (certificate.id, other.id, other.email))
    assert client.get(f"/certificates/from-email/{forged}.pdf").status_code == 404
    before, amara.email = amara.email, "amara@new.example"
    make.commit()
    assert client.get(link).status_code == 404
    amara.email = before
    withdraw_certificate(work, booking.id, reason="The register was corrected")
    make.commit()
    assert client.get(link).status_code == 404
