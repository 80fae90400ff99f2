"""Refusals in words a program can read (RFC 9457), for everything under ``/api/``."""

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"


class BadParameter(exceptions.APIException):
    """A parameter that is not known or cannot be read; *sentence* does not repeat the value."""

    status_code = 400

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


class NoSuchPage(BadParameter):
    """A page behind the last one."""

    status_code = 404


class Gone(exceptions.APIException):
    """Something that was removed for good and will not come back."""

    status_code = 410
    default_detail = "This was removed for good."


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: any refusal as a problem document; other exceptions are left to Django."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    wait = getattr(error, "wait", None)  # of a throttled request, in seconds
    if wait is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    return problem(error.status_code, str(error.detail), getattr(error, "parameter", ""), headers)


def problem(status: int, detail: str, parameter: str = "", headers: dict[str, str] | None = None) -> Response:
    """A problem document; *parameter* names what was wrong where one parameter was."""
    body: dict[str, Any] = {"type": "about:blank", "title": _TITLES.get(status, "Refused"), "status": status}
    body["detail"] = detail
    if parameter:
        body["parameter"] = parameter
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


_TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    410: "Gone",
    415: "Unsupported media type",
    429: "Too many requests",
}
