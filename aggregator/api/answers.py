"""Answers with validators: the ETag is the hash of exactly the bytes that are sent, or, of what is too long to be
held until it is hashed, a weak one that stands for a place in the feed of changes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from aggregator import languages
from aggregator.changes import feed
from aggregator.models import SearchBacklog, Tombstone

JSON = "application/json"
# Rows are stamped before they are committed. What changed less than this ago gets no Last-Modified, so that a row
# committed late never hides behind a date that was already given out.
SETTLED = timedelta(minutes=5)
# What is written of a row may change with the code that writes it.
_CODE = datetime.fromtimestamp(max(file.stat().st_mtime for file in Path(__file__).parent.rglob("*.py")), UTC)
_STANDING = "feed-"


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
    if _has_it(request, tag, modified):
        return _unchanged(validators)
    told = HttpResponse(content, content_type=content_type, headers=validators)
    patch_vary_headers(told, ("Accept",))
    return told


def streamed(
    request: HttpRequest, pieces: Iterable[bytes], content_type: str, tag: str, headers: Mapping[str, str]
) -> StreamingHttpResponse:
    """*pieces* one after the other, under *tag*, which is one of ``standing_tag``'s or ""."""
    caching = {"ETag": f"W/{tag}", "Cache-Control": "no-cache"} if tag else {"Cache-Control": "no-store"}
    told = StreamingHttpResponse(pieces, content_type=content_type, headers={**headers, **caching})
    patch_vary_headers(told, ("Accept",))
    return told


def standing_tag(request: HttpRequest, form: str) -> str:
    """The opaque part of a weak ETag for *request* in *form*: the same until a change of any object is told.

    Take it before anything is read. "" while the search table is behind the rows, which no change tells of. Three
    queries.
    """
    if SearchBacklog.objects.exists():
        return ""
    place = feed.written(feed.newest(), feed.era())
    said = f"{place} {form} {request.get_full_path()} {languages.current()} {settings.SITE_URL} {_CODE}"
    return f'"{_STANDING}{blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()}"'


def still_stands(request: HttpRequest, tag: str, headers: Mapping[str, str]) -> HttpResponse | None:
    """304 where the reader has the long answer that *tag* stands for; nothing is read for it."""
    if not tag or tag not in _tags_given(request):
        return None
    return _unchanged({**headers, "ETag": f"W/{tag}", "Cache-Control": "no-cache"})


def _unchanged(headers: Mapping[str, str]) -> HttpResponse:
    told = HttpResponse(status=304, headers=dict(headers))
    del told["Content-Type"]
    patch_vary_headers(told, ("Accept",))
    return told


def _tags_given(request: HttpRequest) -> set[str]:
    # A proxy that compresses turns a strong tag into a weak one.
    given = request.headers.get("If-None-Match", "")
    return {one.removeprefix("W/") for one in parse_etags(given)}


def _has_it(request: HttpRequest, tag: str, modified: datetime | None) -> bool:
    """Whether the reader's copy is good. ``If-Modified-Since`` counts only where there is no ``If-None-Match``."""
    given = request.headers.get("If-None-Match")
    if given is not None:
        return given.strip() == "*" or tag in _tags_given(request)
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
