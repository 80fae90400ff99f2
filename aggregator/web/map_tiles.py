"""Map tiles through this site, so that no visitor's browser asks another host, and none learns where they look.

Of what the other host sends only the pixels go any further; they are written anew.
"""

from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image, UnidentifiedImageError

from aggregator.http import FetchError, HttpClient, Limits
from aggregator.images.faults import PictureFault
from aggregator.images.reading import normalise
from aggregator.images.render import encoded

DEEPEST = 19
LARGEST, LONGEST_SIDE = 512 * 1024, 1024
KEPT, KEPT_MISS = 7 * 24 * 3600, 60
_FORMATS = ("PNG", "JPEG", "WEBP")
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
    if not kept:
        return HttpResponse(status=502, headers={"Cache-Control": f"max-age={KEPT_MISS}"})
    media_type = "image/png" if kept.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(kept, content_type=media_type, headers={"Cache-Control": f"public, max-age={KEPT}"})


def drawn_anew(body: bytes) -> bytes:
    """The picture that *body* holds, as a JPEG where it is one and else as a PNG, and nothing that stood beside it; b""
    for whatever is no tile.
    """
    try:
        with Image.open(BytesIO(body), formats=_FORMATS) as picture:
            kind, size = picture.format, picture.size
        if max(size) > LONGEST_SIDE:
            return b""
        pixels = normalise(body).pixels
    except (
        PictureFault,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ):
        return b""
    if kind == "JPEG":
        return encoded(pixels, "jpg")
    # A drawn map has few colours, and is far smaller where they are listed.
    few = pixels.getcolors(256) is not None
    out = BytesIO()
    (pixels.quantize(256, dither=Image.Dither.NONE) if few else pixels).save(out, "PNG", optimize=True)
    return out.getvalue()


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
    return drawn_anew(body)
