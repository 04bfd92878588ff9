"""OpenID Connect: who somebody is, as an outside provider vouches (authorization code with PKCE, state and nonce).

Only the provider of the settings is asked, over https, at the addresses that its own description names. What comes
out is one key per identity, made of issuer and subject; name and address of the person are neither asked for nor kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from childdev.access.attempts import Attempt
from childdev.access.secrets import digest
from childdev.config import Settings
from childdev.errors import ChilddevError

#: ways to sign that are taken, all of them with a key that only the provider has
ALGORITHMS = ("RS256", "PS256", "ES256")
#: seconds: to wait for the provider, to keep its description and keys, by which clocks may differ
_WAIT, _KEPT, _LEEWAY = 5.0, 3600, 60
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LOG = logging.getLogger(__name__)


class OutsideError(ChilddevError):
    """Signing in through the outside provider did not work, or is not set up as it must be."""

    status = 400
    title = "Signing in this way did not work"


class ProviderError(OutsideError):
    """The outside provider does not answer, or not as the standard asks."""

    status = 502


def provider_of(settings: Settings) -> Provider | None:
    """The provider of an installation, if it has one.

    Raises:
        OutsideError: it is only half set up, or its address is not https.
    """
    issuer, client, secret = settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret
    if not (issuer or client or secret):
        return None
    if not (issuer and client and secret):
        raise OutsideError(
            "Signing in through an outside provider is only half set up. Give all of CHILDDEV_OIDC_ISSUER, "
            "CHILDDEV_OIDC_CLIENT_ID and CHILDDEV_OIDC_CLIENT_SECRET, or none of them."
        )
    if not _allowed(issuer, issuer):
        raise OutsideError(f"CHILDDEV_OIDC_ISSUER has to be an https address; '{issuer}' is none.")
    return Provider(issuer, client, secret.get_secret_value(), settings.oidc_label)


class Provider:
    """An outside provider, of which description and keys are kept for an hour. `label` is how people call it."""

    def __init__(self, issuer: str, client: str, secret: str, label: str) -> None:
        self.label = label
        self._issuer = issuer
        self._client = client
        self._secret = secret
        self._description: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def address(self, attempt: Attempt, back: str) -> str:
        """Where the browser goes to sign in there; from there it comes to the address `back`.

        Raises:
            ProviderError: the provider can't be reached.
        """
        endpoint = str(self._described()["authorization_endpoint"])
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": back,
            "scope": "openid",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def identity(self, attempt: Attempt, code: str, back: str) -> str:
        """The key of the identity that the provider vouches for: 64 letters, always the same for the same person.

        Raises:
            ProviderError: the provider can't be reached.
            OutsideError: the code is not taken, or what it is worth is not for this installation and this attempt.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        described = self._described()
        methods = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        by_basic = "client_secret_basic" in methods
        if not by_basic:
            form |= {"client_id": self._client, "client_secret": self._secret}
        auth = httpx.BasicAuth(quote(self._client, safe=""), quote(self._secret, safe="")) if by_basic else None
        answer = self._ask(described["token_endpoint"], form, auth)
        claims = self._verified(answer.get("id_token"))
        self._check(claims, attempt)
        return digest(json.dumps([self._issuer, claims["sub"]]))

    def came_from(self, issuer: str | None) -> bool:
        """Whether an answer is from this provider, as far as it says who it is from (RFC 9207)."""
        if issuer is None:
            return not self._described().get("authorization_response_iss_parameter_supported")
        return issuer == self._issuer

    def _check(self, claims: dict[str, Any], attempt: Attempt) -> None:
        """See that what was signed is for us, for this attempt, and now."""
        must = {"essential": True}
        registry = JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client},
            exp=must,  # type: ignore[arg-type]
            iat=must,  # type: ignore[arg-type]
            sub=must,  # type: ignore[arg-type]
        )
        try:
            registry.validate(claims)
        except JoseError as e:
            raise self._refused(f"claim: {e}") from e
        for_many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp")
        if party != self._client and (for_many or party is not None):
            raise self._refused("claim: azp")
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), attempt.nonce.encode()):
            raise self._refused("claim: nonce")

    def _verified(self, token: Any) -> dict[str, Any]:
        """The claims of a token that the provider signed. Its keys are fetched again when they don't fit."""
        if not isinstance(token, str):
            raise self._refused("there is no id_token")
        for again in (False, True):
            try:
                return jwt.decode(token, self._key_set(again), ALGORITHMS).claims
            except (InvalidKeyIdError, BadSignatureError) as e:
                if again:
                    raise self._refused(f"signature: {e}") from e
            except (JoseError, ValueError, TypeError) as e:
                raise self._refused(f"token: {type(e).__name__}") from e
        raise AssertionError

    def _key_set(self, again: bool) -> KeySet:
        if self._keys is None or again or time.monotonic() - self._keys[0] > _KEPT:
            answer = self._ask(self._described()["jwks_uri"])
            try:
                for_signing = [key for key in answer["keys"] if key.get("use") != "enc" and key.get("kty") != "oct"]
                self._keys = time.monotonic(), KeySet.import_key_set({"keys": for_signing})
            except (JoseError, ValueError, TypeError, KeyError, AttributeError) as e:
                raise self._down(f"its keys can't be read ({type(e).__name__})") from e
        return self._keys[1]

    def _described(self) -> dict[str, Any]:
        """The provider's own description of itself."""
        if self._description is None or time.monotonic() - self._description[0] > _KEPT:
            found = self._ask(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self._issuer:
                raise self._down("its description names another issuer; CHILDDEV_OIDC_ISSUER must be the same letters")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not isinstance(found.get(name), str) or not _allowed(found[name], self._issuer):
                    raise self._down(f"its description has no https address as {name}")
            self._description = time.monotonic(), found
        return self._description[1]

    def _ask(
        self, address: str, form: dict[str, str] | None = None, auth: httpx.BasicAuth | None = None
    ) -> dict[str, Any]:
        """Fetch an address of the provider, or send it a form. Nothing is followed to elsewhere."""
        try:
            with httpx.Client(timeout=_WAIT, auth=auth, headers={"Accept": "application/json"}) as client:
                answer = client.get(address) if form is None else client.post(address, data=form)
            if form is not None and 400 <= answer.status_code < 500:
                raise self._refused(f"it answers {answer.status_code} to the code")
            found = answer.json() if answer.status_code == 200 else None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as e:
            raise self._down(type(e).__name__) from e
        if not isinstance(found, dict):
            raise self._down(f"it answers {answer.status_code} at {urlsplit(address).path}")
        return found

    def _refused(self, reason: str) -> OutsideError:
        """What is told when the answer does not hold; why goes into the log, and nothing about the person."""
        _LOG.warning("Signing in through %s was refused: %s", self._issuer, reason)
        return OutsideError(
            f"What came back from {self.label} could not be confirmed, so nobody was signed in. Please start again."
        )

    def _down(self, reason: str) -> ProviderError:
        _LOG.warning("Signing in through %s does not work: %s", self._issuer, reason)
        return ProviderError(
            f"We could not reach {self.label} just now. Try again in a few minutes, or sign in with your password."
        )


def _allowed(address: str, issuer: str) -> bool:
    """Whether an address may be asked: by https, or on this very machine when the issuer is there too."""
    try:
        asked, home = urlsplit(address), urlsplit(issuer)
    except ValueError:
        return False
    if asked.scheme == "https":
        return bool(asked.hostname)
    return asked.scheme == "http" and asked.hostname in _LOOPBACK and home.hostname in _LOOPBACK
