"""``/images/<id>/<preset>.<extension>``: our pictures, and nobody else's."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from aggregator.images import serve, usage
from aggregator.images.presets import MEDIA_TYPES, PRESETS

FOREVER, FOR_NOW, UNTIL_MADE = 365 * 24 * 3600, 300, 60


@require_safe
def picture(request: HttpRequest, pk: str, preset: str, extension: str) -> HttpResponse:
    """A rendition; a drawn placeholder where there is none yet; 404 or 410 for what is not to be seen."""
    if preset not in PRESETS or extension not in MEDIA_TYPES:
        return _nothing(404)
    answer = serve.answer(int(pk), PRESETS[preset], extension)
    if answer.body is None:
        return _nothing(answer.status)
    if answer.used is not None:
        usage.note(answer.used)
    tag = f'"{answer.tag}"' if answer.tag else ""
    known = parse_etags(request.headers.get("If-None-Match", "")) if tag else []
    response: HttpResponse
    if "*" in known or tag in [each.removeprefix("W/") for each in known]:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(answer.body, status=answer.status, content_type=MEDIA_TYPES[extension])
    if not answer.tag:
        patch_cache_control(response, public=True, max_age=UNTIL_MADE)
        return response
    response.headers["ETag"] = tag
    if request.GET.get("v") == answer.version:
        patch_cache_control(response, public=True, max_age=FOREVER, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=FOR_NOW)
    return response


def _nothing(status: int) -> HttpResponse:
    response = HttpResponse(b"no such picture\n", status=status, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=UNTIL_MADE)
    return response
