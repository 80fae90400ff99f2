"""Answers with strong validators: the ETag is the hash of exactly the bytes that are sent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from aggregator.models import Tombstone

JSON = "application/json"
# Rows are stamped before they are committed. What changed less than this ago gets no Last-Modified, so that a row
# committed late never hides behind a date that was already given out.
SETTLED = timedelta(minutes=5)
# What is written of a row may change with the code that writes it.
_CODE = datetime.fromtimestamp(max(file.stat().st_mtime for file in Path(__file__).parent.rglob("*.py")), UTC)


def answer(
    request: HttpRequest,
    content: bytes,
    content_type: str = JSON,
    *,
    modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """*content* under its ETag, or 304 where the reader has it. *modified* is given for single objects alone."""
    tag = f'"{blake2b(content, digest_size=16).hexdigest()}"'
    validators = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    if modified is not None:
        validators["Last-Modified"] = http_date(modified.timestamp())
    unchanged = _has_it(request, tag, modified)
    told = HttpResponse(b"" if unchanged else content, content_type=content_type, headers=validators)
    if unchanged:
        told.status_code = 304
        del told["Content-Type"]
    patch_vary_headers(told, ("Accept",))
    return told


def _has_it(request: HttpRequest, tag: str, modified: datetime | None) -> bool:
    """Whether the reader's copy is good. ``If-Modified-Since`` counts only where there is no ``If-None-Match``."""
    given = request.headers.get("If-None-Match")
    if given is not None:
        # A proxy that compresses turns a strong tag into a weak one.
        return given.strip() == "*" or tag in {one.removeprefix("W/") for one in parse_etags(given)}
    since = parse_http_date_safe(request.headers.get("If-Modified-Since") or "")
    if since is None or modified is None or int(modified.timestamp()) > since:
        return False
    # Forgetting somebody stamps no row that named them.
    return not Tombstone.objects.filter(
        forgotten_at__gt=datetime.fromtimestamp(since, UTC) - SETTLED
    ).exists()


def last_modified(stamps: Iterable[datetime], now: datetime) -> datetime | None:
    """When an object last changed, from the stamps of all that went into it; None while it has not settled."""
    newest = max((*stamps, _CODE))
    return newest if newest < now - SETTLED else None


def written(body: Any, *, readable: bool = False) -> bytes:
    """*body* as JSON; *readable* for people who look at it in a browser."""
    form: dict[str, Any] = {"indent": 2} if readable else {"separators": (",", ":")}
    return json.dumps(body, ensure_ascii=False, **form).encode("utf-8", "replace")


def is_for_eyes(request: HttpRequest) -> bool:
    """Whether a browser asks for a page."""
    return "text/html" in request.headers.get("Accept", "")


def link_header(links: Sequence[tuple[str, str | None]]) -> dict[str, str]:
    """A ``Link`` header of (relation, address); nothing for addresses that are None."""
    said = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links if address)
    return {"Link": said} if said else {}
