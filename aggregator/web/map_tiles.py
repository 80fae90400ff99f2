"""Map tiles through this site, so that no visitor's browser asks another host, and none learns where they look."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from aggregator.http import FetchError, HttpClient, Limits

DEEPEST = 19
LARGEST = 512 * 1024
KEPT, KEPT_MISS = 7 * 24 * 3600, 60
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
_LIMITS = Limits(connect=3.0, read=5.0, total=8.0, max_bytes=LARGEST, attempts=1)


@require_safe
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """One tile of the map as its server drew it, kept for a week; 404 without a server, 502 if it fails."""
    if not settings.MAP_TILES_URL or z > DEEPEST or x >= 2**z or y >= 2**z:
        raise Http404
    key = f"tile:{z}/{x}/{y}"
    cache = caches["tiles"]
    kept = cache.get(key)
    if kept is None:
        kept = _fetched(z, x, y)
        cache.set(key, kept, KEPT if kept else KEPT_MISS)
    media_type = kind_of(kept)
    if not media_type:
        return HttpResponse(status=502, headers={"Cache-Control": f"max-age={KEPT_MISS}"})
    return HttpResponse(kept, content_type=media_type, headers={"Cache-Control": f"public, max-age={KEPT}"})


def kind_of(body: bytes) -> str:
    """The media type of a picture by its first bytes, whatever its server calls it; "" for anything else."""
    return next((kind for start, kind in _PICTURES.items() if body.startswith(start)), "")


def _fetched(z: int, x: int, y: int) -> bytes:
    """The tile's bytes; b"" where its server gives nothing that is a picture."""
    address = str(settings.MAP_TILES_URL)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    for mark, number in {"{z}": z, "{x}": x, "{y}": y}.items():
        address = address.replace(mark, str(number))
    try:
        with HttpClient(allowed_origins=[origin], limits=_LIMITS) as client, client.get(address) as answer:
            body = answer.content()
    except FetchError:
        return b""
    return body if kind_of(body) else b""
