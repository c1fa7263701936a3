"""Flask, for a database to which several write: a request that met another one runs again from its beginning."""

from typing import Any

from flask import Flask, Response, g, request
from flask.globals import request_ctx
from sqlalchemy.exc import DBAPIError

from lms.frame.again import again_when_met, met_others
from lms.frame.observed import NO_VIEW, observed_here, observing
from lms.frame.web import db
from lms.kit.errors import Busy

MET_TOO_OFTEN = (
    "Others were saving at the same moment, several times running. Nothing you did was saved. Wait a moment, then try "
    "again."
)


class Application(Flask):
    """What a view did is undone whole, so that it can be asked again; the third time the reader is told."""

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Any:
        """What a request was and took is noted, also of one that ends in a fault."""
        with observing(environ, self.extensions.get("lms.metrics")):
            return super().wsgi_app(environ, start_response)

    def full_dispatch_request(self) -> Response:
        """Everything that Flask does for a request, from `before_request` to the answer."""
        if (seen := observed_here()) is None:
            return self._answer()
        seen.view = request.endpoint or NO_VIEW
        response = self._answer()
        seen.status = response.status_code
        return response

    def _answer(self) -> Response:
        try:
            return again_when_met(super().full_dispatch_request, begin_again=self._begin_again)
        except DBAPIError as error:
            if not met_others(error):
                raise
            return self.finalize_request(self.handle_user_exception(Busy(MET_TOO_OFTEN)))

    def _begin_again(self) -> None:
        """The request as it came: what the try before read, found out or wrote into the session is forgotten."""
        db.session.remove()
        vars(g._get_current_object()).clear()
        here = request_ctx._get_current_object()  # type: ignore[attr-defined]
        here._session = self.session_interface.open_session(self, here.request)
        here.flashes = None
        here._after_request_functions = []
        for file in here.request.files.values():
            file.stream.seek(0)
