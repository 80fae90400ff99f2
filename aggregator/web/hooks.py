"""``/hooks/<slug>/``: upstream tells us of a change. Verified, stored, acknowledged; worked at by ticks."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aggregator.ingest import inbox
from aggregator.provider import HookCall, HookRefused

LARGEST = 64 * 1024


@csrf_exempt
@require_POST
def hook(request: HttpRequest, slug: str) -> HttpResponse:
    """200 once the event is stored, or was before; else 403 without a word about why."""
    entry = settings.PROVIDERS.get(slug)
    if entry is None or entry.config is None or entry.provider.hook is None:
        return HttpResponse(status=403)
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > LARGEST:
        return HttpResponse(status=403)
    now = timezone.now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        event = entry.provider.hook(HookCall(headers, request.body, now), entry.config)
    except HookRefused:
        return HttpResponse(status=403)
    inbox.receive(slug, event, now)
    return HttpResponse(status=200)
