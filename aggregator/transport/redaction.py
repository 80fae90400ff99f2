"""Hiding secrets in URLs before they reach a log, an exception or a page.

The Stockholm Film Festival API carries keys, tokens and card numbers as path segments
(`/API-Key/<key>/token/<token>`), so that hiding the query string alone would not do.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

HIDDEN = "***"
UNREADABLE = "<unreadable URL>"

#: Names (lower case, `-` as `_`) whose value is hidden in a query, a fragment and as the next path segment.
SECRET_NAMES = frozenset(
    [
        "access_token",
        "api_key",
        "apikey",
        "api_password",
        "assertion",
        "auth",
        "authorization",
        "card_number",
        "client_secret",
        "code",
        "credential",
        "id_token",
        "key",
        "passwd",
        "password",
        "refresh_token",
        "secret",
        "sid",
        "sig",
        "session",
        "sessionid",
        "signature",
        "token",
        "x_api_key",
    ]
)
_SECRET_ENDINGS = ("_token", "_key", "_secret", "_signature", "_password", "_credential")
#: In a path only unmistakable names count: /key/ and /code/ are ordinary words there.
_PATH_NAMES = SECRET_NAMES - {"auth", "authorization", "code", "credential", "key", "session", "sid", "sig"}


def redact_url(url: str) -> str:
    """`url` with user names, passwords, keys, tokens, codes, signatures and card numbers replaced by `***`.

    Works on any text; what cannot be read as a URL at all is replaced whole. Looks through percent-encoding
    and into URLs inside query values. Everything else is left as it was written.
    """
    return _redact(url, depth=3)


def _redact(url: str, depth: int) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return UNREADABLE
    netloc = parts.netloc
    if "@" in netloc:
        netloc = f"{HIDDEN}@{netloc.rpartition('@')[2]}"
    return urlunsplit(
        (
            parts.scheme,
            netloc,
            _redact_path(parts.path),
            _redact_pairs(parts.query, depth),
            _redact_pairs(parts.fragment, depth),
        )
    )


def _plain(text: str) -> str:
    for _ in range(3):
        decoded = unquote_plus(text)
        if decoded == text:
            break
        text = decoded
    return text


def _is_secret(name: str, names: frozenset[str] = SECRET_NAMES) -> bool:
    folded = _plain(name).strip().lower().replace("-", "_")
    return folded in names or folded.endswith(_SECRET_ENDINGS)


def _redact_path(path: str) -> str:
    segments = path.split("/")
    hide_next = False
    for index, segment in enumerate(segments):
        if not segment:
            continue  # a doubled slash does not end the pair
        plain = _plain(segment)
        if hide_next:
            segments[index] = HIDDEN
            hide_next = False
        elif _is_secret(plain, _PATH_NAMES):
            hide_next = True
        elif "/" in plain or "=" in plain or "?" in plain:
            # An encoded slash or a pair inside one segment: nobody's normal address, so hide generously.
            pieces = re.split(r"[/=?&;]", plain)
            if any(_is_secret(piece) for piece in pieces):
                segments[index] = HIDDEN
                hide_next = _is_secret(pieces[-1], _PATH_NAMES)
    return "/".join(segments)


def _redact_pairs(query: str, depth: int) -> str:
    pieces = re.split(r"([&;])", query)
    for index in range(0, len(pieces), 2):
        name, equals, value = pieces[index].partition("=")
        if not equals:
            continue
        if _is_secret(name):
            pieces[index] = f"{name}={HIDDEN}"
        elif "://" in (plain := _plain(value)):
            inner = _redact(plain, depth - 1) if depth else HIDDEN
            if inner != plain:
                pieces[index] = f"{name}={quote(inner, safe='*:/?=')}"
    return "".join(pieces)


def quiet_library_loggers() -> None:
    """Keep the libraries below us from writing URLs and tokens to a log.

    OAuth libraries log whole tokens at DEBUG, urllib3 whole paths; its `connection` and `connectionpool`
    loggers even put the path into warnings, which a filter stops. Levels are only ever raised. Called at
    import and for every client, because `dictConfig` sets the level of child loggers back to nothing.
    """
    for name, level in (
        ("oauthlib", logging.INFO),
        ("requests_oauthlib", logging.INFO),
        ("requests", logging.INFO),
        ("urllib3", logging.INFO),
    ):
        logger = logging.getLogger(name)
        if logger.level < level:
            logger.setLevel(level)
    for name in ("urllib3.connection", "urllib3.connectionpool"):
        logging.getLogger(name).addFilter(_only_errors)  # adding it twice keeps one


def _only_errors(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR
