"""A letter put together as it travels. The words of one that many get are put together once a round."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading
from lms.frame.settings import Settings
from lms.lists.letters import leaving_token
from lms.lists.rules import Leaver, list_id
from lms.mail.claiming import LetterToSend
from lms.mail.messages import LetterMessage, ListHeaders, compose, read_sender
from lms.mail.models import SharedLetter
from lms.mail.rendering import LetterWords, OpenWords, Renderer


@dataclass
class Composer:
    """For one round of delivery."""

    engine: Engine
    settings: Settings
    renderer: Renderer
    put_together: dict[int, OpenWords] = field(default_factory=dict)

    @property
    def site(self) -> Any:
        """The site whose letters these are."""
        return self.renderer.app.extensions["lms"]

    def message(self, letter: LetterToSend, message_id: str, now: datetime) -> LetterMessage:
        """The letter with its headers. Raises whatever is wrong with its words."""
        token = leaving_token(self.settings, _leaver(letter)) if letter.list_name else ""
        return compose(
            self._words(letter, token),
            to_name=letter.to.name,
            to_address=letter.to.address,
            sender=read_sender(self.settings.mail_from),
            message_id=message_id,
            sent_at=now,
            calendar=letter.calendar,
            of_list=self._list_headers(letter, token) if letter.list_name else None,
        )

    def _words(self, letter: LetterToSend, token: str) -> LetterWords:
        """The letter's words; those of a shared one are put together once a round and filled in for each copy."""
        if letter.shared_id is None:
            return self.renderer.words(letter.kind, {**letter.context, **letter.own}, letter.to.name)
        fills = {**letter.context, "person_name": letter.to.name, "unsubscribe_token": token}
        if letter.shared_id not in self.put_together:
            with Session(self.engine) as session:
                begin_reading(session)
                context = session.get_one(SharedLetter, letter.shared_id).context
            self.put_together[letter.shared_id] = self.renderer.open_words(letter.kind, context, letter.context)
        return self.put_together[letter.shared_id].filled(fills)

    def _list_headers(self, letter: LetterToSend, token: str) -> ListHeaders:
        host = urlsplit(self.settings.base_url).hostname or "localhost"
        title = next((each.title for each in self.site.mailing_lists if each.name == letter.list_name), "")
        return ListHeaders(list_id(title, letter.list_name, host), self.renderer.link("lists.leave", token=token))


def _leaver(letter: LetterToSend) -> Leaver:
    """Whose link to leave this copy carries: the person's, or the shared address's."""
    if letter.person_id is not None:
        return Leaver(letter.list_name, person_id=letter.person_id)
    return Leaver(letter.list_name, address=letter.to.address)
