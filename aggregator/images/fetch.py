"""Bringing a picture from upstream: which address, which conditions, how much. Knows HTTP and no pixels' meaning."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from aggregator.http import FetchError, HttpClient, Limits
from aggregator.http import faults as transport
from aggregator.images import faults, geometry, reading, render
from aggregator.images.faults import PictureFault
from aggregator.images.presets import LARGEST
from aggregator.models import Image
from aggregator.vocabulary import ImageRole

LIMITS: Final = Limits(connect=5, read=10, total=40, max_bytes=24 * 1024 * 1024, attempts=2)
HEADERS: Final = {"Accept": "image/avif,image/webp,image/jpeg,image/png,image/gif;q=0.9,*/*;q=0.1"}
#: The longest side that a logo is asked for in; it is never shown large.
LOGO_SIDE: Final = 600
# Addresses of one picture that are tried, the best one first.
_TRIES = 3
# What is wrong with one size of a picture need not be wrong with the others.
_NEXT = (
    transport.NOT_FOUND,
    transport.GONE,
    transport.FORBIDDEN,
    transport.BODY_TOO_LARGE,
    transport.BAD_URL,
)
_LONGEST_ETAG, _LONGEST_DATE = 300, 60


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Upstream says that what we have is what there is."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch brought. *content_hash* names everything that renditions depend on."""

    address: str
    etag: str
    last_modified: str
    content_hash: str
    picture: reading.Normalised


def client(origins: Collection[str]) -> HttpClient:
    """A client for one provider's pictures: only its configured *origins* may be private addresses. It bears no key."""
    return HttpClient(allowed_origins=origins, limits=LIMITS)


def fetch(http: HttpClient, image: Image, *, conditional: bool) -> Fetched | Unchanged:
    """The picture behind *image*, from the nearest larger of upstream's sizes.

    *conditional*: ask only for what changed since. Raises ``FetchError`` or ``PictureFault``: that of the first
    address that was tried.
    """
    needed = LOGO_SIDE if image.role == ImageRole.LOGO else LARGEST
    first: FetchError | PictureFault | None = None
    for address in geometry.addresses(image.url, image.sizes, needed)[:_TRIES]:
        try:
            return _fetched(http, image, address, conditional)
        except FetchError as error:
            if error.reason not in _NEXT:
                raise
            first = first or error
        except PictureFault as error:
            first = first or error
    raise first or FetchError(transport.BAD_URL)


def _fetched(http: HttpClient, image: Image, address: str, conditional: bool) -> Fetched | Unchanged:
    headers = dict(HEADERS)
    if conditional and image.fetched_from == address:
        if image.etag:
            headers["If-None-Match"] = image.etag
        if image.last_modified:
            headers["If-Modified-Since"] = image.last_modified
    with http.get(address, headers=headers) as answer:
        if answer.status == 304:
            return Unchanged()
        body = answer.content()
        etag, last_modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    if not body:
        raise PictureFault(faults.EMPTY)
    content_hash = hash_of(body, image)
    if conditional and content_hash == image.content_hash:
        return Unchanged()
    return Fetched(
        address=address,
        etag=etag if len(etag) <= _LONGEST_ETAG and etag.isprintable() else "",
        last_modified=last_modified if len(last_modified) <= _LONGEST_DATE else "",
        content_hash=content_hash,
        picture=reading.normalise(body),
    )


def hash_of(body: bytes, image: Image) -> str:
    """64 hex digits over a file and everything else that its renditions depend on."""
    rest = repr((render.VERSION, image.crop, image.copyright, image.role == ImageRole.LOGO))
    return hashlib.sha256(hashlib.sha256(body).digest() + rest.encode()).hexdigest()
