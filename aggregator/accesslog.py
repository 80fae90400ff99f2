"""What may stand in an access log: no position, no secret of an address, no search words of somebody signed in.

Access logs are off unless the operator turns them on (``GUNICORN_CMD_ARGS="--access-logfile -"``); whatever format is
chosen, what gunicorn fills it with has passed through ``discreet``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from gunicorn.glogging import Logger

HIDDEN = "…"
#: Parameters that are hidden always, and those that are hidden of people who are signed in.
_SECRET = frozenset({"near", "code", "state", "token", "key", "api_key", "secret", "signature"})
_PERSONAL = frozenset({"q"})
# Our slugs are small letters: a long word with capitals, or of hexadecimal digits alone, is a token.
_TOKEN = re.compile(r"(?=[^/]*[A-Z])[A-Za-z0-9_-]{16,}|[0-9a-f]{24,}")
_ADDRESSES = {"referer", "hx-current-url"}
_DROPPED = {"cookie", "authorization", "x-api-key", "set-cookie"}


class DiscreetLogger(Logger):  # type: ignore[misc]
    """Gunicorn's logger with everything that it could write made discreet first."""

    def atoms(self, resp: Any, req: Any, environ: Mapping[str, Any], request_time: Any) -> dict[str, Any]:
        """The values that a log format can name."""
        signed_in = is_signed_in(environ)
        headers = req.headers if hasattr(req, "headers") else req
        pairs = headers.items() if hasattr(headers, "items") else headers
        atoms = super().atoms(resp, _headers(pairs, signed_in), _environ(environ, signed_in), request_time)
        return {name: HIDDEN if _is_dropped(name) else value for name, value in atoms.items()}


def is_signed_in(environ: Mapping[str, Any]) -> bool:
    """Whether a request carries a session or a key."""
    from django.conf import settings

    cookies = str(environ.get("HTTP_COOKIE", ""))
    return f"{settings.SESSION_COOKIE_NAME}=" in cookies or bool(environ.get("HTTP_AUTHORIZATION"))


def discreet(address: str, signed_in: bool) -> str:
    """A path or a URL with everything hidden that is nobody's business."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return HIDDEN
    path = _TOKEN.sub(HIDDEN, parts.path)
    host = f"{parts.scheme}://{parts.hostname or ''}" if parts.scheme else ""
    query = discreet_query(parts.query, signed_in)
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def discreet_query(query: str, signed_in: bool) -> str:
    """A query string likewise; parameters keep their order."""
    hidden = _SECRET | _PERSONAL if signed_in else _SECRET
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return HIDDEN
    return "&".join(
        f"{quote(name)}={HIDDEN if name.strip().lower() in hidden else quote(value)}" for name, value in pairs
    )


def _is_dropped(atom: str) -> bool:
    """Header atoms look like ``{cookie}i``, those of the environment like ``{http_cookie}e``."""
    name = atom.removeprefix("{").partition("}")[0].replace("_", "-").removeprefix("http-")
    return atom.startswith("{") and name in _DROPPED


def _headers(pairs: Iterable[tuple[str, str]], signed_in: bool) -> list[tuple[str, str]]:
    return [
        (name, discreet(value, signed_in) if name.lower() in _ADDRESSES else value) for name, value in pairs
    ]


def _environ(environ: Mapping[str, Any], signed_in: bool) -> dict[str, Any]:
    changed = {
        name: discreet(str(environ[name]), signed_in)
        for name in ("RAW_URI", "PATH_INFO", "HTTP_REFERER", "HTTP_HX_CURRENT_URL")
        if name in environ
    }
    return {**environ, **changed, "QUERY_STRING": discreet_query(environ.get("QUERY_STRING", ""), signed_in)}
