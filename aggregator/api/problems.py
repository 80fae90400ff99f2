"""Refusals in words a program can read (RFC 9457), for everything under ``/api/``.

``CODES`` is closed and stable: programs branch on ``type`` or ``code``, people read ``detail``.
"""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from math import ceil
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from rest_framework import exceptions, status

from aggregator.addresses import absolute

CONTENT_TYPE = "application/problem+json"
# code: (status, title, what it means and what to do)
CODES: Mapping[str, tuple[int, str, str]] = {
    "unknown-parameter": (
        400,
        "Unknown parameter",
        "The query string holds a name that this address does not know. `known` lists those it does.",
    ),
    "bad-value": (
        400,
        "Value that cannot be used",
        "The value of `parameter` cannot be read. `detail` says what it has to look like; `known` a closed list.",
    ),
    "bad-cursor": (
        400,
        "Cursor that cannot be used",
        "The cursor was cut, changed, or taken from a list in another order. Start again with `cursor=*`.",
    ),
    "bad-request": (400, "Bad request", "The request cannot be read."),
    "not-authenticated": (401, "Sign in first", "This address needs a user or a key."),
    "bad-key": (
        401,
        "Key that is not known",
        "The key was mistyped or revoked. Without one you may ask, more slowly.",
    ),
    "forbidden": (403, "Forbidden", "This is not for whoever asks."),
    "not-found": (404, "Not found", "There is nothing at this address, or nothing that may be seen."),
    "no-such-page": (404, "No such page", "The list has fewer pages. Follow `next` until it is null."),
    "method-not-allowed": (405, "Method not allowed", "`Allow` names the methods that this address takes."),
    "not-acceptable": (
        406,
        "Not acceptable",
        "There is no form that `Accept` asks for. `known` lists the forms; `format=` chooses one without a header.",
    ),
    "conflict": (
        409,
        "Not as things stand",
        "The request is understood, and something that is there already stands against it. `detail` says what.",
    ),
    "gone": (410, "Gone", "This was removed for good and will not come back. Delete your copy."),
    "unsupported-media-type": (415, "Unsupported media type", "Send JSON."),
    "too-many-requests": (429, "Too many requests", "Wait for the seconds that `Retry-After` names."),
}
_BY_STATUS = {number: code for code, (number, _, _) in reversed([*CODES.items()])} | {400: "bad-request"}


class Problem(exceptions.APIException):
    """A refusal with one of ``CODES``. *known* are the values or names that would do; *detail* repeats no value."""

    def __init__(
        self, code: str, detail: str = "", *, parameter: str = "", known: Sequence[str] = (), near: str = ""
    ) -> None:
        self.status_code, self.title, usual = CODES[code]
        super().__init__(detail or usual)
        self.code = code
        self.parameter = parameter
        self.known = tuple(known)
        close = get_close_matches(near, self.known, 1) if near else []
        self.suggestion = close[0] if close else ""


class BadParameter(Problem):
    """A parameter whose value cannot be used."""

    def __init__(self, parameter: str, sentence: str, known: Sequence[str] = (), near: str = "") -> None:
        super().__init__("bad-value", sentence, parameter=parameter, known=known, near=near)


class UnknownParameter(Problem):
    """A parameter that is not among *known*."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__("unknown-parameter", parameter=name[:100], known=known, near=name)
        hint = f" Did you mean {self.suggestion}?" if self.suggestion else ""
        names = f"Known are: {', '.join(known)}." if known else "None is taken here."
        self.detail = exceptions.ErrorDetail(f"There is no parameter of this name here.{hint} {names}")


class Gone(Problem):
    """Something that was removed for good and will not come back."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("gone", detail)


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler: any refusal as a problem document; other exceptions are left to Django."""
    if isinstance(error, Http404):
        error = Problem("not-found")
    elif isinstance(error, SuspiciousOperation):  # too many parameters, for one
        error = Problem("bad-request")
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    wait = getattr(error, "wait", None)  # of a throttled request, in seconds
    if wait is not None:
        headers["Retry-After"] = str(max(1, ceil(wait)))
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    if isinstance(error, Problem):
        return _answer(_body(error), headers)
    code = _BY_STATUS.get(error.status_code, "bad-request")
    return _answer(_body(Problem(code, str(error.detail))) | {"status": error.status_code}, headers)


def refuse(code: str, detail: str = "", headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A refusal with one of ``CODES`` for who is no view: middleware."""
    return _answer(_body(Problem(code, detail)), headers or {})


def _body(problem: Problem) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": type_of(problem.code),
        "title": problem.title,
        "status": problem.status_code,
        "code": problem.code,
        "detail": str(problem.detail),
    }
    if problem.parameter:
        body["parameter"] = problem.parameter
    if problem.known:
        body["known"] = list(problem.known)
    if problem.suggestion:
        body["suggestion"] = problem.suggestion
    return body


def type_of(code: str) -> str:
    """The URI of a kind of problem: its paragraph in the reference."""
    return absolute(f"/api/v1/docs/#problem-{code}")


def _answer(body: Mapping[str, Any], headers: Mapping[str, str]) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False)
    answer = HttpResponse(
        text.encode("utf-8", "replace"),
        status=body["status"],
        content_type=CONTENT_TYPE,
        headers=dict(headers),
    )
    if answer.status_code != status.HTTP_410_GONE:
        answer["Cache-Control"] = "no-store"
    return answer
