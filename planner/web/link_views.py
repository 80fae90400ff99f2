"""The pages about the link to the festival's account, membership cards, and how a person wants to be told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aggregator import languages
from aggregator.models import ApiKey
from planner import access, linking, situation, tasks, tickets
from planner.access import person_of
from planner.linking import LinkFailed
from planner.models import Card, Link, Preference, Ticket
from planner.tickets import NotACard
from planner.upstream.setting import configured
from planner.web import entries, words


@never_cache
@require_safe
@login_required
def link(request: HttpRequest) -> HttpResponse:
    """How it stands with the festival's account, and what can be done about it."""
    user = person_of(request)
    row = Link.objects.filter(user=user).first()
    setting = configured()
    preference = Preference.objects.filter(user=user).first()
    context: dict[str, Any] = {
        "link": row,
        "reason": words.reason(row.reason) if row and row.reason else "",
        "setting": setting,
        "mail": preference.mail if preference else True,
        "keys": access.keys_of(user),
        "now": timezone.now(),
    }
    return render(request, "planner/link.html", context)


@never_cache
@require_POST
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """Show the way to the festival's page. A link and no redirect: forms here may lead nowhere else."""
    setting = configured()
    if setting is None:
        return redirect("planner:link")
    language = languages.current()
    address = linking.begin(request.session, setting, person_of(request), language, timezone.now())
    return render(request, "planner/approve.html", {"address": address, "setting": setting})


@never_cache
@require_safe
@login_required
def returned(request: HttpRequest) -> HttpResponse:
    """Back from the festival, with a code or a refusal."""
    setting = configured()
    if setting is None:
        return redirect("planner:link")
    try:
        with setting.client() as http:
            linking.complete(
                request.session, setting, http, person_of(request), request.GET.dict(), timezone.now()
            )
    except LinkFailed as failed:
        return render(request, "planner/not_linked.html", {"reason": words.reason(failed.reason)}, status=400)
    _remember_language(request)
    tasks.hint(person_of(request))
    messages.success(request, _("Your account is linked. The two plans are now put together."))
    return redirect("planner:page")


@never_cache
@require_POST
@login_required
def unlink(request: HttpRequest) -> HttpResponse:
    """Let go of the festival's account; the plan stays."""
    told = linking.unlink_now(person_of(request))
    if request.POST.get("forget") == "yes":
        Card.objects.filter(user=person_of(request)).delete()
    if told:
        messages.success(request, _("Your account is no longer linked. Your plan stays here."))
    else:
        messages.warning(
            request,
            _(
                "Your account is no longer linked, but the festival could not be told; what we held is destroyed."
            ),
        )
    return redirect("planner:link")


@never_cache
@require_POST
@login_required
def prefer(request: HttpRequest) -> HttpResponse:
    """Whether mails are wanted; they come in the language that this was said in."""
    values = {"mail": request.POST.get("mail") == "yes", "language": languages.current()}
    Preference.objects.update_or_create(user_id=person_of(request), defaults=values)
    return redirect("planner:link")


@never_cache
@require_POST
@login_required
def grant(request: HttpRequest, key: int) -> HttpResponse:
    """What one of the person's own API keys may do with their plan."""
    if ApiKey.objects.filter(pk=key, owner=person_of(request), revoked_at=None).exists():
        access.grant(key, [scope for scope in access.SCOPES if request.POST.get(scope) == "yes"])
    return redirect("planner:link")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cards(request: HttpRequest) -> HttpResponse:
    """Cards and their tickets, with their age; a card can be typed in and forgotten."""
    user, wrong = person_of(request), ""
    if request.method == "POST":
        wrong = _edit_cards(request, user)
        if not wrong:
            return redirect("planner:cards")
    whole = situation.load(user)
    rows = Card.objects.filter(user=user).order_by("-registered_at", "pk")
    context = {
        "cards": [(card, card.kinds.get(languages.current()) or card.kinds.get("en") or "") for card in rows],
        "tickets": entries.ticket_lines(whole.tickets, languages.current()),
        "unplanned": {one.showing_id for one in whole.unplanned()},
        "gone": entries.ticket_lines(_gone(user), languages.current()),
        "link": whole.link,
        "wrong": wrong,
        "now": timezone.now(),
    }
    return render(request, "planner/cards.html", context, status=400 if wrong else 200)


def _gone(user: int) -> list[Ticket]:
    rows = Ticket.objects.filter(user=user, gone_at__isnull=False, starts_at__gte=timezone.now())
    return list(rows.select_related("card", "showing__event", "showing__venue").order_by("starts_at")[:20])


def _edit_cards(request: HttpRequest, user: int) -> str:
    """Do what the form says; what is wrong with it, or ""."""
    if request.POST.get("do") == "forget":
        key = request.POST.get("card", "")
        if key.isascii() and key.isdigit() and len(key) <= 18:
            tickets.forget(user, int(key))
        return ""
    try:
        tickets.type_in(user, request.POST.get("number", "")[:100], timezone.now())
    except NotACard as refused:
        return words.reason(refused.reason)
    tasks.hint(user)
    return ""


def _remember_language(request: HttpRequest) -> None:
    Preference.objects.update_or_create(
        user_id=person_of(request),
        defaults={"language": languages.current()},
        create_defaults={"language": languages.current()},
    )
