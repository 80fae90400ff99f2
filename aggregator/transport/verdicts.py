"""What went wrong, in our words: library exceptions and HTTP statuses to fault codes. Pure."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import urllib3.exceptions as u3

from aggregator.transport import faults
from aggregator.transport.faults import FetchError, RetryLater, TransportFault

#: The wait when a server says "later" and not when; and the bounds of what it may ask for.
DEFAULT_WAIT, SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=60), timedelta(seconds=1), timedelta(hours=1)
#: A reset header above this is a moment (Unix seconds), below it a number of seconds to wait.
_FIRST_MOMENT = 1_000_000_000

_STATUS_REASONS = {
    401: faults.UNAUTHORISED,
    403: faults.FORBIDDEN,
    404: faults.NOT_FOUND,
    406: faults.NOT_ACCEPTABLE,
    410: faults.GONE,
    429: faults.RATE_LIMITED,
}
_PASSING_4XX = (408, 425)


def fault_of(error: BaseException, *, connecting: bool) -> TransportFault:
    """The fault behind an exception of urllib3, http.client, ssl or the socket."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return TransportFault(faults.TLS_ERROR, permanent=True)
    if isinstance(error, u3.SSLError | ssl.SSLError) and not isinstance(error, TimeoutError):
        return TransportFault(faults.TLS_ERROR if connecting else faults.CONNECTION_RESET)
    if isinstance(error, TimeoutError | u3.TimeoutError):
        return TransportFault(faults.CONNECT_TIMEOUT if connecting else faults.READ_TIMEOUT)
    if isinstance(error, u3.ProtocolError):
        wrapped = next((one for one in error.args[1:] if isinstance(one, BaseException)), None)
        reset = isinstance(wrapped, OSError)
        return TransportFault(faults.CONNECTION_RESET if reset else faults.TRUNCATED_BODY)
    if isinstance(error, http.client.RemoteDisconnected | OSError):
        return TransportFault(faults.CONNECTION_RESET)
    if isinstance(error, http.client.IncompleteRead | u3.IncompleteRead):
        return TransportFault(faults.TRUNCATED_BODY)
    if isinstance(error, http.client.InvalidURL | UnicodeError):
        return TransportFault(faults.BAD_URL)
    if isinstance(error, ValueError):  # http.client asked for a chunk of negative length
        return TransportFault(faults.TRUNCATED_BODY)
    return TransportFault(faults.UNEXPECTED_STATUS, detail="not an HTTP answer")


def status_fault(
    status: int, headers: Mapping[str, str], body: bytes, *, url: str, now: datetime
) -> FetchError:
    """The error for a status that brings no data. `url` is redacted already, `now` is UTC."""
    if status == 429 or (status == 503 and "Retry-After" in headers):
        reason = faults.RATE_LIMITED if status == 429 else faults.SERVER_ERROR
        return RetryLater(reason, retry_at=retry_time(headers, now), url=url, status=status, body=body)
    permanent: bool | None = None
    if status in _STATUS_REASONS:
        reason = _STATUS_REASONS[status]
    elif status >= 500:
        reason = faults.SERVER_ERROR
    elif status >= 400:
        reason = faults.BAD_REQUEST
        permanent = status not in _PASSING_4XX
    else:
        reason = faults.UNEXPECTED_STATUS
    return FetchError(reason, url=url, status=status, body=body, permanent=permanent, sent=True)


def retry_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """When to come back: `Ratelimit-Reset`, else `Retry-After`, else in a minute. UTC.

    Moments are the server's, so they are shifted by the difference between its `Date` and our `now`.
    """
    server_now = _http_date(headers.get("Date", ""))
    skew = now - server_now if server_now else timedelta()
    wanted = _moment(headers.get("Ratelimit-Reset") or headers.get("X-Ratelimit-Reset"), now, skew)
    wanted = wanted or _moment(headers.get("Retry-After"), now, skew) or now + DEFAULT_WAIT
    return min(max(wanted, now + SHORTEST_WAIT), now + LONGEST_WAIT)


def _moment(value: str | None, now: datetime, skew: timedelta) -> datetime | None:
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        number = int(text[:15])
        if number < _FIRST_MOMENT:
            return now + min(timedelta(seconds=number), LONGEST_WAIT)
        try:
            return datetime.fromtimestamp(number, UTC) + skew
        except (ValueError, OverflowError, OSError):
            return now + LONGEST_WAIT  # milliseconds, or nonsense: later at any rate
    date = _http_date(text)
    return date + skew if date else None


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
