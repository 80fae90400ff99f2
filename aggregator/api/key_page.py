"""``/accounts/keys/``: a signed-in user's keys to the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aggregator.api import keys, throttles
from aggregator.models import ApiKey, KeyUsage

# Days of usage that the page shows.
DAYS = 30
_NAME = forms.CharField(
    max_length=keys.LONGEST_NAME,
    error_messages={"required": gettext_lazy("Give the key a name, so that you will know it again.")},
)


@dataclass(frozen=True, slots=True)
class Card:
    """A key as its owner sees it. *days* are those of the last ``DAYS`` with any request, the latest first."""

    key: ApiKey
    today: int
    days: Sequence[tuple[date, int, int]]
    old_secret_until: datetime | None


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The keys, and what can be done with them."""
    if request.method == "GET":
        return _shown(request)
    work = {"make": _make, "rename": _rename, "rotate": _rotate, "revoke": _revoke}.get(
        request.POST.get("do", "")
    )
    return work(request) if work else HttpResponseBadRequest()


def _make(request: HttpRequest) -> HttpResponse:
    try:
        issued = keys.make(request.user, _NAME.clean(request.POST.get("name", "")), timezone.now())
    except ValidationError as error:
        return _shown(request, wrong=" ".join(error.messages))
    except keys.TooManyKeys:
        return _shown(request, wrong=_("You have as many keys as there can be. Revoke one first."))
    return _shown(request, issued)


def _rotate(request: HttpRequest) -> HttpResponse:
    return _shown(request, keys.rotate(_key(request), timezone.now()))


def _rename(request: HttpRequest) -> HttpResponse:
    try:
        keys.rename(_key(request), _NAME.clean(request.POST.get("name", "")))
    except ValidationError as error:
        return _shown(request, wrong=" ".join(error.messages))
    return redirect("account_keys")


def _revoke(request: HttpRequest) -> HttpResponse:
    key = _key(request)
    keys.revoke(key, timezone.now())
    messages.success(request, _("The key “%(name)s” works no longer.") % {"name": key.name})
    return redirect("account_keys")


def _key(request: HttpRequest) -> ApiKey:
    number = request.POST.get("key", "")
    found: ApiKey = get_object_or_404(
        keys.working(request.user), pk=int(number) if number.isdecimal() and len(number) < 19 else 0
    )
    return found


def _shown(request: HttpRequest, issued: keys.Issued | None = None, wrong: str = "") -> HttpResponse:
    context = {
        "cards": cards(request.user, timezone.now()),
        "issued": issued,
        "wrong": wrong,
        "anonymous": throttles.rate_of(keyed=False),
        "keyed": throttles.rate_of(keyed=True),
        "grace_hours": int(keys.GRACE.total_seconds() // 3600),
    }
    return render(request, "accounts/keys.html", context, status=400 if wrong else 200)


def cards(owner: Any, now: datetime) -> Sequence[Card]:
    """The working keys of *owner* with what they were used for. Two queries."""
    found = list(keys.working(owner))
    today = now.astimezone(UTC).date()
    usage = KeyUsage.objects.filter(key__in=found, day__gt=today - timedelta(days=DAYS)).order_by("-day")
    by_key: dict[int, list[tuple[date, int, int]]] = {key.pk: [] for key in found}
    for row in usage:
        by_key[row.key_id].append((row.day, row.requests, row.refused))
    return [_card(key, by_key[key.pk], today, now) for key in found]


def _card(key: ApiKey, days: Sequence[tuple[date, int, int]], today: date, now: datetime) -> Card:
    still = key.previous_until if key.previous_until and key.previous_until > now else None
    return Card(key, sum(number for day, number, _ in days if day == today), days, still)


def export(owner: Any) -> Sequence[Mapping[str, Any]]:
    """What is kept about the keys of *owner*, for taking along; no secret is among it."""
    return [
        {
            "name": key.name,
            "prefix": key.prefix,
            "created_at": key.created_at.isoformat(),
            "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
            "usage": {use.day.isoformat(): use.requests for use in key.usage.all()},
        }
        for key in ApiKey.objects.filter(owner=owner).order_by("pk").prefetch_related("usage")
    ]
