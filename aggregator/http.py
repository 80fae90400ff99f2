"""The one outgoing HTTP client.

Plain Python, configured by argument: it reads no settings, no proxy variables, no .netrc and no other part of
the environment. urllib3 speaks HTTP; this module decides where a request may go, how long it may take, how
much may come back, what is tried again, and that no secret leaves through an error or a log.

What it does not do: keep cookies, speak through a proxy, follow a redirect of anything but GET, or wait
out a rate limit (that is a `RetryLater` for the caller, who can spend the time better).
"""

from __future__ import annotations

import http.client
import logging
import random
import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlencode, urljoin

import certifi
import urllib3.exceptions as u3
from urllib3.response import BaseHTTPResponse

from aggregator.transport import faults
from aggregator.transport.answers import MIB, Limits, Response, error_body, pieces_of, spooled
from aggregator.transport.faults import FetchError, RetryLater, TransportFault
from aggregator.transport.redaction import quiet_library_loggers, redact_url
from aggregator.transport.sockets import (
    Budget,
    CheckedConnection,
    CheckedHTTPConnection,
    CheckedHTTPSConnection,
    GuardedSocket,
    GuardedTlsSocket,
    Resolver,
    Way,
    is_public_address,
    system_resolver,
    tls_context,
)
from aggregator.transport.targets import Origin, Target, checked_headers, merged_headers, parse_target
from aggregator.transport.verdicts import fault_of, status_fault

__all__ = [
    "FetchError",
    "HttpClient",
    "Limits",
    "Response",
    "RetryLater",
    "faults",
    "is_public_address",
    "quiet_library_loggers",
    "redact_url",
]

logger = logging.getLogger(__name__)
quiet_library_loggers()

MAX_REDIRECTS = 5
#: Seconds before the second, third … attempt, before jitter.
BACKOFF, LONGEST_BACKOFF = 0.5, 8.0

DEFAULT_LIMITS = Limits()
Params = Mapping[str, "str | int | Sequence[str | int]"]

_RETRIED_STATUS = (500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_RETRIED = frozenset(
    {
        faults.DNS_FAILURE,
        faults.CONNECTION_REFUSED,
        faults.CONNECT_TIMEOUT,
        faults.TLS_ERROR,
        faults.READ_TIMEOUT,
        faults.CONNECTION_RESET,
        faults.TRUNCATED_BODY,
    }
)


@dataclass(frozen=True, repr=False)
class _Call:
    """What one get or post asks for, the same over all its attempts."""

    method: str
    body: bytes | None
    limits: Limits
    accept_status: Collection[int]
    deadline: float


@dataclass(frozen=True, repr=False)
class _Moved:
    location: str


class HttpClient:
    """Requests to one upstream (or to any public host, where `allowed_origins` is empty).

    `allowed_origins`: URLs whose exact scheme, host and port may resolve to any address, also a private one.
    `headers`: credentials and the like; sent to the allowed origins, or, if none are named, to the origin
    of the URL asked for, and never after a redirect to another origin. `redact` is applied before our own
    redaction. `on_request` is called before every request on the wire, retries and redirects included; what
    it raises ends the call. `ca_file` (PEM) replaces the usual certificate authorities. One client keeps one
    idle connection per origin; it may be used by several threads.
    """

    def __init__(
        self,
        *,
        allowed_origins: Collection[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        redact: Callable[[str], str] | None = None,
        user_agent: str = "Marquee/1.0",
        headers: Mapping[str, str] | None = None,
        on_request: Callable[[], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolver = system_resolver,
        ca_file: str | None = None,
    ) -> None:
        quiet_library_loggers()
        self._allowed = frozenset(_origin(url) for url in allowed_origins)
        self._limits = limits
        self._redact = redact
        self._base_headers = checked_headers(
            {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}
        )
        self._headers = checked_headers(headers or {})
        self._on_request = on_request
        self._sleep = sleep
        self._clock = clock
        self._resolve = resolve
        self._ca_file = ca_file
        self._tls: ssl.SSLContext | None = None
        self._idle: dict[Origin, CheckedConnection] = {}

    def get(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        accept_status: Collection[int] = (),
    ) -> Response:
        """GET with retries and redirects. Returns 2xx, 304 and `accept_status`; else raises `FetchError`."""
        return self._call("GET", url, params, headers, None, limits, accept_status)

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, str] | bytes | None = None,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        accept_status: Collection[int] = (),
    ) -> Response:
        """POST form fields (a mapping) or a body (bytes). Tried again only while no connection came about.

        A `FetchError` with `sent` set means that the server may have acted on the request.
        """
        extra = dict(headers or {})
        if isinstance(data, Mapping):
            extra = {"Content-Type": "application/x-www-form-urlencoded", **extra}
            data = urlencode(data).encode("ascii")
        return self._call("POST", url, params, extra, data or b"", limits, accept_status)

    def close(self) -> None:
        """Close idle connections. The client stays usable."""
        while self._idle:
            self._idle.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def _call(
        self,
        method: str,
        url: str,
        params: Params | None,
        headers: Mapping[str, str] | None,
        body: bytes | None,
        limits: Limits | None,
        accept_status: Collection[int],
    ) -> Response:
        limits = limits or self._limits
        call = _Call(method, body, limits, accept_status, time.monotonic() + limits.total)
        extra = checked_headers(headers or {})
        target = self._first_target(url, params)
        if isinstance(target, FetchError):
            raise target
        sent_headers = self._headers_for(target, extra)
        spent = failures = hops = 0
        while True:
            fresh = method != "GET" or target.origin not in self._idle
            spent += 1
            outcome = self._attempt(call, target, sent_headers, fresh)
            if isinstance(outcome, _Moved):
                hops += 1
                moved = self._redirected(call, target, outcome.location, hops)
                if isinstance(moved, Target):
                    if moved.origin != target.origin:
                        sent_headers = dict(self._base_headers)
                    target = moved
                    continue
                outcome = moved
            outcome.requests = spent
            if isinstance(outcome, Response):
                return outcome
            if hops and outcome.reason == faults.PRIVATE_ADDRESS:
                outcome = FetchError(faults.REDIRECT_REFUSED, url=outcome.url)
                outcome.requests = spent
            if not fresh and outcome.reason == faults.CONNECTION_RESET:
                continue  # the server had closed an idle connection: not a failure of this request
            failures += 1
            if not _may_retry(call, outcome, failures) or not self._wait(call, outcome, failures):
                raise outcome

    def _headers_for(self, target: Target, extra: Mapping[str, str]) -> dict[str, str]:
        known = not self._allowed or target.origin in self._allowed
        return merged_headers(self._base_headers, self._headers if known else {}, extra)

    def _hide(self, url: str) -> str:
        return redact_url(self._redact(url) if self._redact else url)

    def _first_target(self, url: str, params: Params | None) -> Target | FetchError:
        if params:
            base, hash_mark, fragment = url.partition("#")
            url = f"{base}{'&' if '?' in base else '?'}{urlencode(params, doseq=True)}{hash_mark}{fragment}"
        try:
            return parse_target(url)
        except TransportFault as fault:
            found = fault
        return found.named(self._hide(url), sent=False)

    def _redirected(self, call: _Call, source: Target, location: str, hops: int) -> Target | FetchError:
        """Where a redirect leads, or why it is not followed."""
        if call.method != "GET":
            return FetchError(faults.REDIRECT_REFUSED, url=self._hide(source.url), sent=True)
        if hops > MAX_REDIRECTS:
            return FetchError(faults.TOO_MANY_REDIRECTS, url=self._hide(source.url), sent=True)
        try:
            target = parse_target(urljoin(source.url, location))
        except (TransportFault, ValueError):
            target = None
        if target is None or (source.scheme == "https" and target.scheme == "http"):
            return FetchError(faults.REDIRECT_REFUSED, url=self._hide(source.url), sent=True)
        return target

    def _wait(self, call: _Call, fault: FetchError, failures: int) -> bool:
        """Sleep before the next attempt; False when the time of the call does not allow it."""
        pause = min(LONGEST_BACKOFF, BACKOFF * 2 ** (failures - 1)) * random.uniform(0.5, 1.0)  # noqa: S311
        if time.monotonic() + pause >= call.deadline:
            return False
        logger.info("Trying again in %.1f s: %s (%s)", pause, fault, fault.url)
        self._sleep(pause)
        return True

    def _attempt(
        self, call: _Call, target: Target, headers: Mapping[str, str], fresh: bool
    ) -> Response | _Moved | FetchError:
        """One request on the wire. Returns faults instead of raising them, so that they carry no context."""
        if self._on_request is not None:
            self._on_request()
        limits = call.limits
        budget = Budget(deadline=call.deadline, read=limits.read, bytes_left=2 * limits.max_bytes + MIB)
        sent, status = False, None
        connection: CheckedConnection | None = None
        try:
            connection = self._connection(target, budget, limits, fresh)
            sent = True
            raw = self._exchange(connection, call, target, headers, budget)
            status = raw.status
            outcome = self._answer(call, target, raw)
        except TransportFault as error:
            fault = error
        except (OSError, ValueError, http.client.HTTPException, u3.HTTPError) as error:
            fault = fault_of(error, connecting=not sent)
        else:
            self._put_back(target, connection, reusable=isinstance(outcome, Response) and raw.closed)
            return outcome
        if connection is not None:
            connection.close()
        return fault.named(self._hide(target.url), sent=sent, status=status)

    def _connection(self, target: Target, budget: Budget, limits: Limits, fresh: bool) -> CheckedConnection:
        idle = None if fresh else self._idle.pop(target.origin, None)
        if idle is not None:
            if idle.is_connected:
                return idle
            idle.close()
        connection: CheckedConnection
        if target.scheme == "https":
            self._tls = self._tls or tls_context(self._ca_file or certifi.where())
            connection = CheckedHTTPSConnection(target.host, target.port, ssl_context=self._tls)
        else:
            connection = CheckedHTTPConnection(target.host, target.port)
        connection.way = Way(self._resolve, target.origin in self._allowed, limits.connect, budget)
        try:
            connection.connect()
        except BaseException:
            connection.close()
            raise
        return connection

    def _exchange(
        self,
        connection: CheckedConnection,
        call: _Call,
        target: Target,
        headers: Mapping[str, str],
        budget: Budget,
    ) -> BaseHTTPResponse:
        connection.timeout = budget.patience(call.limits.read)
        connection.sock.settimeout(connection.timeout)
        cast(GuardedSocket | GuardedTlsSocket, connection.sock).budget = budget
        connection.request(
            call.method,
            target.path,
            body=call.body,
            headers=headers,
            preload_content=False,
            decode_content=False,
            enforce_content_length=True,
        )
        return connection.getresponse()

    def _answer(self, call: _Call, target: Target, raw: BaseHTTPResponse) -> Response | _Moved | FetchError:
        status = raw.status
        logger.debug("%s %s answered %s", call.method, self._hide(target.url), status)
        if 200 <= status < 300 or status == 304 or status in call.accept_status:
            body = spooled(pieces_of(raw, call.limits))
            return Response(status, raw.headers, self._hide(target.url), body)
        if status in _REDIRECTS and "Location" in raw.headers:
            return _Moved(raw.headers["Location"])
        body_start = error_body(raw)
        return status_fault(status, raw.headers, body_start, url=self._hide(target.url), now=self._clock())

    def _put_back(self, target: Target, connection: CheckedConnection, *, reusable: bool) -> None:
        if reusable and connection.sock is not None:
            previous = self._idle.pop(target.origin, None)
            self._idle[target.origin] = connection
            connection = previous  # type: ignore[assignment]
        if connection is not None:
            connection.close()


def _origin(url: str) -> Origin:
    try:
        return parse_target(url).origin
    except TransportFault:
        pass
    raise ValueError(f"not an http or https origin: {redact_url(url)}")


def _may_retry(call: _Call, fault: FetchError, failures: int) -> bool:
    if failures >= call.limits.attempts or fault.permanent or isinstance(fault, RetryLater):
        return False
    if fault.sent and call.method != "GET":
        return False
    return fault.reason in _RETRIED or fault.status in _RETRIED_STATUS
