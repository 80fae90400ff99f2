"""The planner's page and the edits that its forms make."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aggregator import languages
from aggregator.models import Festival
from aggregator.web import clock
from planner import copies, plan, push, situation, tasks
from planner.access import person_of
from planner.models import Change, Entry, Ticket
from planner.plan import NotPossible
from planner.upstream.setting import configured
from planner.vocabulary import Intent, TicketMark
from planner.web import day as days
from planner.web import entries as shown
from planner.web import words
from planner.web.possession import Plan, plan_of

MOST_CHANGES = 10
_GROUP = re.compile("[0-9a-f]{32}")


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A day of the plan on its time axis, what needs a decision, and what comes next."""
    now, language = timezone.now(), languages.current()
    mine = plan_of(request)
    whole = mine.situation(now)
    if mine.user is not None and whole.link is not None:
        tasks.hint_seen(mine.user)
    planned = {one.festival_key for one in whole.entries}
    choice = days.festivals(now, planned)
    festival = next((one for one in choice if str(one.pk) == request.GET.get("festival", "")), None)
    some = [one for one in whole.entries if festival is None or _is_of(one, festival)]
    chosen = days.chosen_day(request.GET.get("day", ""), some, now)
    today = [one for one in some if situation.day_of(one) == chosen]
    undated = [one for one in some if situation.day_of(one) is None]
    asked = [one for one in whole.entries if hasattr(one, "question") and one not in (*today, *undated)]
    lines = shown.shown(whole, [*today, *undated, *asked], language, now)
    by_key = {one.id: one for one in lines}
    context: dict[str, Any] = {
        "day": days.laid_out(chosen, today, lines[: len(today)], now),
        "lines": lines[: len(today)],
        "days": days.days(some, now, chosen),
        "gaps": days.gaps(today),
        "next": days.next_up(whole, by_key, now) if chosen == clock.today(now) else None,
        "asked": [one for one in lines if one.asked],
        "leaving": whole.leaving,
        "festivals": choice,
        "festival": festival,
        "number": len(whole.entries),
        "undated": lines[len(today) : len(today) + len(undated)],
        "tickets": shown.ticket_lines(_to_come(whole.unplanned(), now), language),
        "changes": _changes(mine.user),
        "link": whole.link,
        "link_reason": words.reason(whole.link.reason) if whole.link and whole.link.reason else "",
        "linking": configured() is not None,
        "anonymous": mine.user is None,
        "intents": list(words.INTENTS.items()),
        "ticket_marks": list(words.TICKETS.items()),
        "now": now,
    }
    return render(request, "planner/plan.html", context)


def _to_come(tickets: Sequence[Ticket], now: datetime) -> list[Ticket]:
    return [one for one in tickets if one.starts_at is None or one.starts_at > now - timedelta(hours=3)]


def _is_of(entry: Entry, festival: Festival) -> bool:
    return (entry.provider, entry.festival_key) == (festival.provider, festival.external_id)


def _changes(user: int | None) -> list[tuple[Change, Any]]:
    if user is None:
        return []
    rows = Change.objects.filter(user=user, undone_at=None).order_by("-at", "-pk")[:MOST_CHANGES]
    return [(one, words.CHANGES[one.kind]) for one in rows]  # type: ignore[index]


@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Add a showing: asked first where the visitor brings no session yet, and so no proof that they asked."""
    key = _number(request.POST.get("showing") or request.GET.get("showing"))
    if key is None:
        return HttpResponseBadRequest()
    target = _next(request)
    if request.method == "POST":
        return _done(request, lambda mine: mine.add(key), target)
    showing = copies.visible().filter(pk=key, withdrawn_at=None).select_related("event", "venue").first()
    return render(
        request, "planner/add.html", {"showing": showing, "next": target}, status=200 if showing else 404
    )


@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Remove a showing by its own id, as the button on its card does; one with a ticket after a question."""
    key = _number(request.POST.get("showing"))
    if key is None:
        return HttpResponseBadRequest()
    try:
        entry = plan_of(request).key_of(key)
    except NotPossible:
        return redirect(_next(request))
    return _removed(request, entry)


@never_cache
@require_POST
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """One edit of one entry, named by ``do``."""
    what, value = request.POST.get("do", ""), request.POST.get("value", "")
    if what == "remove":
        return _removed(request, key)
    if what == "intent" and value in set(Intent):
        return _done(request, lambda mine: mine.set_intent(key, Intent(value)))
    if what == "ticket" and value in set(TicketMark):
        return _done(request, lambda mine: mine.set_ticket(key, TicketMark(value)))
    if what in ("keep", "take"):
        return _done(request, lambda mine: _answered(mine, key, what == "keep"))
    if what == "retry":
        return _done(request, lambda mine: _retried(mine, key))
    if what == "swap" and (showing := _number(value)) is not None:
        return _swapped(request, key, showing)
    return HttpResponseBadRequest()


@never_cache
@require_POST
def answer_all(request: HttpRequest) -> HttpResponse:
    """Answer every question that one cause raised together."""
    keep = request.POST.get("do") == "keep"
    user = person_of(request)
    group = request.POST.get("group", "")
    asked = (
        Entry.objects.filter(user=user, question__group=group)
        if _GROUP.fullmatch(group)
        else Entry.objects.none()
    )
    for key in list(asked.values_list("pk", flat=True)):
        plan.answer(user, key, keep, timezone.now())
    tasks.hint(user)
    return redirect(_next(request))


@never_cache
@require_POST
def undo(request: HttpRequest, change: int) -> HttpResponse:
    """Take back something that was done by itself; where that removes what has a ticket, after a question."""
    mine = plan_of(request)
    try:
        if mine.user is None:
            raise NotPossible("too_late")
        plan.undo(mine.user, change, timezone.now(), confirmed=request.POST.get("sure") == "yes")
        tasks.hint(mine.user)
    except NotPossible as refused:
        if refused.reason == "has_ticket":
            done = Change.objects.filter(pk=change, user=mine.user).first()
            return _asked_first(request, done, reverse("planner:undo", args=(change,)))
        messages.warning(request, words.reason(refused.reason))
    return redirect(_next(request))


def _answered(mine: Plan, key: int, keep: bool) -> None:
    if mine.user is not None:
        plan.answer(mine.user, key, keep, timezone.now())
        tasks.hint(mine.user)


def _retried(mine: Plan, key: int) -> None:
    if mine.user is not None:
        push.retry(mine.user, key, timezone.now())
        tasks.hint(mine.user)


def _removed(request: HttpRequest, key: int) -> HttpResponse:
    """Remove, or ask first where there is a ticket."""
    mine, target = plan_of(request), _next(request)
    try:
        mine.remove(key, confirmed=request.POST.get("sure") == "yes")
    except NotPossible as refused:
        if refused.reason != "has_ticket":
            messages.warning(request, words.reason(refused.reason))
            return redirect(target)
        entry = next((one for one in mine.situation(timezone.now()).entries if one.pk == key), None)
        return _asked_first(request, entry, reverse("planner:edit", args=(key,)))
    return redirect(target)


def _asked_first(request: HttpRequest, entry: Entry | Change | None, action: str) -> HttpResponse:
    """Whether something with a ticket may really go; the form leads to *action*."""
    return render(request, "planner/remove.html", {"entry": entry, "action": action, "next": _next(request)})


def _swapped(request: HttpRequest, key: int, showing: int) -> HttpResponse:
    """Another showing in place of this one; the new one first, so that nothing is lost half-way."""
    try:
        plan_of(request).add(showing)
    except NotPossible as refused:
        messages.warning(request, words.reason(refused.reason))
        return redirect(_next(request))
    return _removed(request, key)


def _done(request: HttpRequest, work: Callable[[Plan], Any], target: str = "") -> HttpResponse:
    try:
        work(plan_of(request))
    except NotPossible as refused:
        messages.warning(request, words.reason(refused.reason))
    return redirect(target or _next(request))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


def _next(request: HttpRequest) -> str:
    """Where to go back to: a page of ours, else the planner."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("planner:page")
