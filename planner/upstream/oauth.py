"""OAuth 2.0 with the festival (contract, section 10): requests-oauthlib builds and parses, our own client calls.

No token, code or secret leaves this module in an exception or a log line.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests_oauthlib import OAuth2Session

from aggregator.http import FetchError, HttpClient
from planner.upstream.setting import Setting

INVALID_GRANT: Final = "invalid_grant"
INVALID_CLIENT: Final = "invalid_client"
UNREADABLE: Final = "unreadable_answer"
#: What is assumed where the answer does not say; the contract's own figure.
LIFETIME: Final = timedelta(hours=2)
_LONGEST_TOKEN: Final = 2000


@dataclass(frozen=True)
class Pair:
    """A fresh pair of tokens; *expires_at* counts from before the request was sent."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


class TokenRefused(Exception):
    """The token endpoint answered, and gave no tokens. *reason* is its error word, *final* whether it is a verdict.

    *spent* says that the token or code may be used up all the same.
    """

    def __init__(self, reason: str, *, final: bool, spent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final
        self.spent = spent


def authorize_address(setting: Setting, language: str, return_to: str, state: str) -> str:
    """The address that a person's browser is sent to."""
    secure = setting.authorize_url(language)
    # oauthlib builds addresses for https alone; plain http, where it was allowed, is put back afterwards.
    scheme, _, rest = secure.partition("://")
    session = OAuth2Session(setting.api_key, redirect_uri=return_to, state=state)
    address, _ = session.authorization_url(f"https://{rest}", state)
    return f"{scheme}://{str(address).partition('://')[2]}"


def exchange(setting: Setting, http: HttpClient, code: str, return_to: str, now: datetime) -> Pair:
    """The pair for *code*. Raises ``TokenRefused`` and ``FetchError``."""
    client = WebApplicationClient(setting.api_key)
    body = client.prepare_request_body(
        code=code, redirect_uri=return_to, client_secret=setting.api_password, include_client_id=True
    )
    return _tokens(setting, http, client, body, now)


def refresh(setting: Setting, http: HttpClient, token: str, now: datetime) -> Pair:
    """A new pair for the refresh token, which dies at once. Raises ``TokenRefused`` and ``FetchError``.

    A ``FetchError`` with ``sent``, and a refusal that is ``spent``, leave it open whether it died.
    """
    client = WebApplicationClient(setting.api_key)
    body = client.prepare_refresh_body(
        refresh_token=token, client_id=setting.api_key, client_secret=setting.api_password
    )
    return _tokens(setting, http, client, body, now)


def _tokens(
    setting: Setting, http: HttpClient, client: WebApplicationClient, body: str, now: datetime
) -> Pair:
    fields = dict(parse_qsl(body, keep_blank_values=True))
    try:
        with http.post(setting.token_url, data=fields, accept_status=(400, 401)) as answer:
            text = answer.content()[:65536].decode("utf-8", "replace")
    except FetchError as error:
        error.body = b""  # whatever it holds, it is nobody's business
        raise
    return _pair(client, text, now)


def _pair(client: WebApplicationClient, text: str, now: datetime) -> Pair:
    try:
        said = json.loads(text)
        if not isinstance(said, dict):
            raise ValueError
        # A pair must not be lost for a lifetime that cannot be read.
        lifetime = _lifetime(said.pop("expires_in", None))
        # The festival sends no token_type and a scope of null; oauthlib minds neither.
        answer: dict[str, Any] = client.parse_request_body_response(json.dumps(said))
        access, renewal = answer["access_token"], answer["refresh_token"]
        if not (_is_token(access) and _is_token(renewal)):
            raise ValueError
    except OAuth2Error as error:
        word = str(error.error)[:40]
        refused: TokenRefused | None = TokenRefused(
            word, final=_is_verdict(word), spent=not _is_verdict(word)
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        refused = TokenRefused(UNREADABLE, final=False, spent=True)
    else:
        refused = None
    if refused is not None:  # outside of the handler, so that no context carries the answer along
        raise refused
    return Pair(access, renewal, now + lifetime)


def _lifetime(value: object) -> timedelta:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text)):
        return LIFETIME
    return min(timedelta(seconds=int(text)), timedelta(days=1))


def _is_token(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TOKEN and value.isprintable()


def _is_verdict(word: str) -> bool:
    return word in {
        INVALID_GRANT,
        INVALID_CLIENT,
        "invalid_request",
        "unauthorized_client",
        "unsupported_grant_type",
    }
