"""One request and its answer: counted, authorised, and read as JSON with trap T1 in mind."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aggregator.http import FetchError, Response, RetryLater, faults
from aggregator.provider import Visit
from aggregator.readers import INVALID, ReadError, json_document

#: Filmmakers' allowance for one IP address: so many requests in so many seconds.
REQUESTS, WINDOW = 300, 300

_TRIES: Final = 2
#: What may well be gone at once.
_PASSING: Final = frozenset(
    {faults.CONNECTION_RESET, faults.TRUNCATED_BODY, faults.SERVER_ERROR, faults.CONNECTION_REFUSED}
)

Query = Mapping[str, str]


def get(visit: Visit, url: str, query: Query | None = None, accept: tuple[int, ...] = ()) -> Response:
    """The answer to a GET of *url*, one of the base URL's. Raises ``FetchError`` and ``RetryLater``.

    Every try takes one request of the window. The key goes into the header, never into a URL.
    """
    headers = {
        "Authorization": f"Token token={visit.config.api_key.get_secret_value()}",
        "Accept": "application/json",
    }
    for left in reversed(range(_TRIES)):
        visit.spend(REQUESTS, WINDOW)
        try:
            return visit.http.get(url, params=query or None, headers=headers, accept_status=accept)
        except FetchError as error:
            if not left or isinstance(error, RetryLater) or error.reason not in _PASSING:
                raise
    raise AssertionError("unreachable")


def content(body: bytes) -> Any:
    """*body* as Python values. Raises ``ReadError``.

    Of a key that stands twice the value that says something counts (trap T1). Bytes that are no UTF-8 become the mark
    that admission looks for; halves of surrogate pairs go.
    """
    try:
        return json.loads(_text(body), object_pairs_hook=_merged, parse_constant=_refuse, strict=False)
    except (ValueError, RecursionError):
        pass
    json_document(io.BytesIO(body))  # says what is wrong: a page, nothing, or the end missing
    raise ReadError(faults.MALFORMED_DOCUMENT)


def encoded(value: object) -> bytes:
    """*value* as it is stored."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "ignore")


def instant(value: object) -> datetime | None:
    """An ISO 8601 time as UTC; None for anything else, and for one without an offset."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def identifier(value: object) -> int | None:
    """A positive whole number, also as digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**15:
        return None
    return value


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("utf-8-sig", "replace").replace("\ufffd", INVALID)


def _merged(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, value in pairs:
        if value is not None or name not in merged:
            merged[name] = value
    return merged


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
