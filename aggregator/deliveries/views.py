"""``/accounts/webhooks/``: a key holder's webhooks and what became of every delivery."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aggregator.deliveries import endpoints, log
from aggregator.deliveries.forms import EndpointForm, form_of
from aggregator.deliveries.reasons import sentence
from aggregator.models import ApiKey, Delivery, Endpoint
from aggregator.tasks import hint_at_webhook
from aggregator.vocabulary import DeliveryState


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All webhooks of whoever is signed in, and a form for another one."""
    owner: Any = request.user
    may = ApiKey.objects.filter(owner=owner, revoked_at=None).exists()
    form = EndpointForm(request.POST) if request.method == "POST" else EndpointForm()
    if request.method == "POST" and may and form.is_valid():
        try:
            url = form.cleaned_data["url"]
            made = endpoints.register(owner, url, form.filters, timezone.now())
        except endpoints.TooManyEndpoints:
            form.add_error(None, _("You have as many webhooks as there can be. Remove one first."))
        else:
            return _shown(request, made.endpoint, secret=made.secret)
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    mine = Endpoint.objects.filter(owner=owner).annotate(waiting=waiting).order_by("pk")
    context = {"endpoints": mine, "form": form, "may": may}
    return render(request, "accounts/webhooks.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: what it is sent, how it is doing, and its log."""
    owner: Any = request.user
    endpoint = get_object_or_404(Endpoint, pk=pk, owner=owner)
    if request.method == "GET":
        return _shown(request, endpoint)
    work = _WORK.get(request.POST.get("do", ""))
    if work is None:
        return HttpResponseBadRequest()
    return work(request, endpoint) or redirect("account_webhook", pk=pk)


def _change(request: HttpRequest, endpoint: Endpoint) -> HttpResponse | None:
    form = EndpointForm(request.POST)
    if not form.is_valid():
        return _shown(request, endpoint, form=form)
    endpoints.change(endpoint, form.cleaned_data["url"], form.filters)
    messages.success(request, _("From the next delivery on."))
    return None


def _rotate(request: HttpRequest, endpoint: Endpoint) -> HttpResponse | None:
    return _shown(request, endpoint, secret=endpoints.rotate(endpoint, timezone.now()).secret)


def _pause(request: HttpRequest, endpoint: Endpoint) -> HttpResponse | None:
    endpoints.pause(endpoint)
    return None


def _resume(request: HttpRequest, endpoint: Endpoint) -> HttpResponse | None:
    endpoints.resume(endpoint, timezone.now(), skip="skip" in request.POST)
    hint_at_webhook(endpoint.pk)
    return None


def _test(request: HttpRequest, endpoint: Endpoint) -> HttpResponse | None:
    endpoints.send_test(endpoint, timezone.now())
    hint_at_webhook(endpoint.pk)
    messages.success(request, _("A test is on its way; the log below will tell."))
    return None


def _again(request: HttpRequest, endpoint: Endpoint) -> HttpResponse | None:
    """One delivery again, or all that failed."""
    chosen = request.POST.get("delivery", "")
    rows = Delivery.objects.filter(endpoint=endpoint)
    one = rows.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else rows.none()
    number = endpoints.replay(one if chosen else rows.filter(state=DeliveryState.FAILED), timezone.now())
    hint_at_webhook(endpoint.pk)
    said = ngettext("%d delivery is sent again.", "%d deliveries are sent again.", number) % number
    messages.success(request, said)
    return None


def _remove(request: HttpRequest, endpoint: Endpoint) -> HttpResponse | None:
    endpoint.delete()
    messages.success(request, _("The webhook is removed."))
    return redirect("account_webhooks")


_WORK: Mapping[str, Callable[[HttpRequest, Endpoint], HttpResponse | None]] = {
    "change": _change,
    "rotate": _rotate,
    "pause": _pause,
    "resume": _resume,
    "test": _test,
    "again": _again,
    "remove": _remove,
}


def _shown(
    request: HttpRequest, endpoint: Endpoint, *, secret: str = "", form: EndpointForm | None = None
) -> HttpResponse:
    page = log.page(endpoint, request.GET.get("before", ""), only_failed="failed" in request.GET)
    context: dict[str, Any] = {
        "endpoint": endpoint,
        "why": sentence(endpoint.reason),
        "secret": secret,
        "form": form or form_of(endpoint),
        "log": page,
        "grace_hours": int(endpoints.GRACE.total_seconds() // 3600),
    }
    return render(request, "accounts/webhook.html", context, status=400 if form is not None else 200)


def export(owner: Any) -> Sequence[Mapping[str, Any]]:
    """What is kept about the webhooks of *owner*, for taking along; no secret is among it."""
    return [
        {
            "url": endpoint.url,
            "kinds": endpoint.kinds,
            "providers": endpoint.providers,
            "actions": endpoint.actions,
            "state": endpoint.state,
            "created_at": endpoint.created_at.isoformat(),
        }
        for endpoint in Endpoint.objects.filter(owner=owner).order_by("pk")
    ]
