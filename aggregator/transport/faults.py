"""Every way an upstream fetch or its reading can fail: one stable code each, with its fate and its sentence.

The codes are stored in runs and quarantine rows and shown to the operator, so they are never renamed.
`permanent` says whether asking again soon, with nothing changed on our side, can help: False means it can.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

# On the way to the server
BAD_URL = "bad_url"
PRIVATE_ADDRESS = "private_address"
DNS_FAILURE = "dns_failure"
CONNECTION_REFUSED = "connection_refused"
CONNECT_TIMEOUT = "connect_timeout"
TLS_ERROR = "tls_error"
# While talking to it
READ_TIMEOUT = "read_timeout"
TOTAL_TIMEOUT = "total_timeout"
CONNECTION_RESET = "connection_reset"
TRUNCATED_BODY = "truncated_body"
BODY_TOO_LARGE = "body_too_large"
DECOMPRESSION_BOMB = "decompression_bomb"
UNKNOWN_ENCODING = "unknown_encoding"
# What it answered
SERVER_ERROR = "server_error"
RATE_LIMITED = "rate_limited"
UNAUTHORISED = "unauthorised"
FORBIDDEN = "forbidden"
NOT_FOUND = "not_found"
GONE = "gone"
NOT_ACCEPTABLE = "not_acceptable"
BAD_REQUEST = "bad_request"
REDIRECT_REFUSED = "redirect_refused"
TOO_MANY_REDIRECTS = "too_many_redirects"
UNEXPECTED_STATUS = "unexpected_status"
# What the body turned out to be (raised by the readers)
HTML_INSTEAD_OF_DATA = "html_instead_of_data"
TRUNCATED_DOCUMENT = "truncated_document"
MALFORMED_DOCUMENT = "malformed_document"
EMPTY_BODY = "empty_body"
ENTITY_DECLARATION = "entity_declaration"
WRONG_ROOT = "wrong_root"

#: code → (permanent, the rest of the sentence "Fetching <url> failed: …")
REASONS: dict[str, tuple[bool, str]] = {
    BAD_URL: (True, "the address is not a usable http or https URL"),
    PRIVATE_ADDRESS: (True, "the host leads to a private or reserved network address"),
    DNS_FAILURE: (False, "the host name could not be resolved"),
    CONNECTION_REFUSED: (False, "no connection to the server could be made"),
    CONNECT_TIMEOUT: (False, "the server did not accept the connection in time"),
    TLS_ERROR: (False, "no secure connection to the server could be made"),
    READ_TIMEOUT: (False, "the server stopped sending"),
    TOTAL_TIMEOUT: (False, "the whole exchange took too long"),
    CONNECTION_RESET: (False, "the server broke off the connection"),
    TRUNCATED_BODY: (False, "the answer broke off before its end"),
    BODY_TOO_LARGE: (True, "the answer is larger than allowed"),
    DECOMPRESSION_BOMB: (True, "the answer unpacks to far more than was sent"),
    UNKNOWN_ENCODING: (True, "the answer is packed in a way that was not asked for"),
    SERVER_ERROR: (False, "the server reported an error of its own"),
    RATE_LIMITED: (False, "the server asks to wait before the next request"),
    UNAUTHORISED: (True, "the server does not accept the credentials"),
    FORBIDDEN: (True, "the server refuses access"),
    NOT_FOUND: (True, "the server knows nothing at this address"),
    GONE: (True, "what was at this address has been removed for good"),
    NOT_ACCEPTABLE: (True, "the server cannot answer in the format asked for"),
    BAD_REQUEST: (True, "the server does not accept the request"),
    REDIRECT_REFUSED: (True, "the server redirects to a place where this request must not go"),
    TOO_MANY_REDIRECTS: (True, "the server redirects without end"),
    UNEXPECTED_STATUS: (True, "the server gave an answer that has no meaning here"),
    HTML_INSTEAD_OF_DATA: (False, "the answer is a web page where data was expected"),
    TRUNCATED_DOCUMENT: (False, "the document breaks off before its end"),
    MALFORMED_DOCUMENT: (True, "the document is not well-formed"),
    EMPTY_BODY: (False, "the answer is empty"),
    ENTITY_DECLARATION: (True, "the document declares types or entities, which are not accepted"),
    WRONG_ROOT: (True, "the document has another outer shape than expected"),
}


class FetchError(Exception):
    """A request that brought no usable answer.

    `reason` is one of the codes above, `permanent` decides between retry and giving up, `status` is the HTTP
    status if one came, `url` is redacted, `body` the first 64 KiB of an error answer, `requests` how many
    requests were spent, `sent` whether the server may have acted on the request.
    """

    def __init__(
        self,
        reason: str,
        *,
        url: str = "",
        status: int | None = None,
        permanent: bool | None = None,
        body: bytes = b"",
        detail: str = "",
        sent: bool = False,
    ) -> None:
        fate, sentence = REASONS[reason]
        self.reason = reason
        self.permanent = fate if permanent is None else permanent
        self.status = status
        self.url = url
        self.body = body
        self.sent = sent
        self.requests = 0
        opening = f"Fetching {url} failed" if url else "The answer could not be read"
        extra = ", ".join(part for part in (f"status {status}" if status else "", detail) if part)
        super().__init__(f"{opening}: {sentence}{f' ({extra})' if extra else ''}.")

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword arguments do not survive pickling by themselves; task results pickle them.
        return _revive, (type(self), self.args, self.__dict__)


class RetryLater(FetchError):
    """The server asks to come back: not before `retry_at` (UTC, between one second and one hour ahead)."""

    def __init__(self, reason: str, *, retry_at: datetime, url: str, status: int, body: bytes = b"") -> None:
        super().__init__(
            reason,
            url=url,
            status=status,
            permanent=False,
            body=body,
            sent=True,
            detail=f"until {retry_at:%H:%M:%S} UTC",
        )
        self.retry_at = retry_at


class ReadError(FetchError):
    """An answer came, and is not what it should be: `reason` is one of the reader codes above."""

    def __init__(self, reason: str, *, detail: str = "") -> None:
        super().__init__(reason, detail=detail, sent=True)


class TransportFault(Exception):
    """Inside this package only: a fault with its code, before the client knows which URL to name.

    It is no OSError on purpose, so that no library on the way wraps it.
    """

    def __init__(self, reason: str, *, permanent: bool | None = None, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.detail = detail

    def named(self, url: str, *, sent: bool, status: int | None = None) -> FetchError:
        """The same fault as callers see it."""
        return FetchError(
            self.reason, url=url, sent=sent, permanent=self.permanent, detail=self.detail, status=status
        )


def _revive(kind: type[FetchError], args: tuple[Any, ...], state: dict[str, Any]) -> FetchError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
