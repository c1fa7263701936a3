"""A real OpenID provider for tests, served from a thread, and what an attacker would make of its answers.

`oidc-provider-mock` checks neither PKCE nor redirect addresses, so this does; and it signs what a test spoils.
"""

import base64
import hashlib
import io
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import requests
from joserfc import jws, jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from lms.kit.providers import OidcProvider

os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider answers on this machine, without TLS

Claims = dict[str, Any]
CLIENT, SECRET = "golden-thread", "a secret of the client"
REDIRECT = re.compile(r"http://(localhost|127\.0\.0\.1:\d+)/sign-in/with/nhs/back")


@cache
def key_called(kid: str) -> RSAKey:
    """A key, made once: that takes longest."""
    return RSAKey.generate_key(2048, {"kid": kid})


class Provider:
    """The provider as a WSGI application. `spoil` changes the claims before they are signed anew by `key`."""

    def __init__(self) -> None:
        self.app = oidc_provider_mock.app()
        self.url = ""
        self.forget()

    def forget(self) -> None:
        """As at the beginning: an honest provider, with everybody's claims as they were told it."""
        self.spoil: Callable[[Claims], Claims] | None = None
        self.sign: Callable[[Claims], str] = self._signed
        self.key: RSAKey | None = None
        self.published: KeySet | None = None
        self.answers: dict[str, Response] = {}
        self.asked: list[str] = []
        self.challenges: dict[str, str] = {}

    def rotate(self, kid: str) -> None:
        """Sign by another key from now on, and publish that one alone."""
        self.key = key_called(kid)
        self.published = KeySet([self.key])

    def knows(self, sub: str, **claims: Any) -> None:
        """What it says of somebody."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def shows(self, way_there: str, sub: str) -> str:
        """Somebody signs in there; the address to which it sends them back."""
        answer = requests.post(way_there, data={"sub": sub}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        environ["wsgi.input"] = io.BytesIO(request.get_data())  # read here, and once more by the provider
        self.asked.append(request.path)
        if request.path in self.answers:
            return self.answers[request.path](environ, start)
        if request.path == "/jwks" and self.published is not None:
            return _json(self.published.as_dict())(environ, start)
        if request.path == "/oauth2/token" and not self._is_proved(request):
            return _json({"error": "invalid_grant"}, 400)(environ, start)
        body, status, headers = run_wsgi_app(self.app.wsgi_app, environ, buffered=True)
        answer = Response(b"".join(body), status=status, headers=headers)
        if request.path == "/oauth2/authorize" and "code=" in headers.get("Location", ""):
            assert REDIRECT.fullmatch(request.args["redirect_uri"]), "an address that was never registered"
            assert request.args["code_challenge_method"] == "S256"
            self.challenges[parse_qs(urlsplit(headers["Location"]).query)["code"][0]] = request.args["code_challenge"]
        if request.path == "/oauth2/token" and answer.status_code == 200 and (self.spoil or self.key):
            told = json.loads(answer.get_data())
            claims = json.loads(jws.extract_compact(told["id_token"].encode()).payload)
            claims.pop("at_hash", None)
            answer = _json({**told, "id_token": self.sign(self.spoil(claims) if self.spoil else claims)})
        return answer(environ, start)

    def _is_proved(self, request: Request) -> bool:
        """PKCE: the verifier is that of the challenge with which this code was asked for."""
        verifier = request.form.get("code_verifier", "")
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        return self.challenges.get(request.form.get("code", "")) == made and request.authorization is not None

    def _signed(self, claims: Claims) -> str:
        if self.key is None:
            self.rotate("spoilt")
        assert self.key is not None
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status=status, content_type="application/json")


class _Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Nothing."""


@contextmanager
def provider_served() -> Iterator[Provider]:
    """One that answers at an address of this machine, until the end of the block."""
    made = Provider()
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=_Quiet)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def configured(provider: Provider, **more: Any) -> OidcProvider:
    """As the settings name it."""
    values: dict[str, Any] = {
        "name": "nhs",
        "title": "NHSmail",
        "issuer": provider.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "domains": ("rvch.example", ".nhs.example"),
    }
    return OidcProvider(**{**values, **more})
