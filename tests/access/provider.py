"""A small OpenID Connect provider over HTTP: it takes everybody who comes for `subject`, and checks what a client sends.

Tests turn its knobs: `claims` and `key` to sign something else than it should, `description` to describe itself wrongly.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "childdev here", "a secret: with / and ü"


def rsa(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid})


class Provider:
    """The provider; `asked` are the parameters of the last authorization request."""

    def __init__(self) -> None:
        self.subject = "somebody"
        self.key = rsa("one")
        self.published = [self.key]
        self.claims: dict[str, Any] = {}
        self.description: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self._codes: dict[str, tuple[dict[str, str], str]] = {}
        self._start(0)

    def _start(self, port: int) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/realm"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self._start(self._server.server_port)

    @contextmanager
    def saying(self, **claims: Any) -> Iterator[None]:
        """Tokens say something else; None leaves a claim out."""
        self.claims = claims
        try:
            yield
        finally:
            self.claims = {}

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | self.description

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent, with a code."""
        self.asked = asked
        fixed = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256", "scope": "openid"}
        assert asked.items() >= fixed.items() and len(asked["code_challenge"]) == 43 and asked["nonce"], asked
        code = secrets.token_urlsafe()
        self._codes[code] = asked, self.subject
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, authorization: str, sent: dict[str, str]) -> str | None:
        """The token for a code, once; nothing if the client does not show that it is the one who asked."""
        if "client_secret_post" in self.description.get("token_endpoint_auth_methods_supported", []):
            given = [sent.get("client_id"), sent.get("client_secret")]
        else:
            given = [unquote(p) for p in base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")]
        if given != [CLIENT, SECRET]:
            return None
        asked, subject = self._codes.pop(sent.get("code", ""), ({}, ""))
        hashed = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if asked.get("code_challenge") != challenge or asked["redirect_uri"] != sent["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": subject, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= {"nonce": asked["nonce"], **self.claims}
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, self.key)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/realm/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize({k: v[0] for k, v in parse_qs(asked.query).items()}))
                self.end_headers()
            elif asked.path == "/realm/keys":
                self._answer({"keys": [key.as_dict(private=False) for key in provider.published]})
            elif asked.path == "/realm/.well-known/openid-configuration":
                self._answer(provider.described())
            else:
                self._answer({}, 404)

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {k: v[0] for k, v in parse_qs(sent).items()}
            token = provider.token(self.headers.get("Authorization", ""), form)
            self._answer({"id_token": token} if token else {"error": "invalid_grant"}, 200 if token else 400)

        def _answer(self, body: dict[str, Any], status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
