"""How each provider is doing, what the operator may tell it, and every run there was."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.admin import freshness
from aggregator.admin.reading import ReadOnly
from aggregator.models import IngestRun, Rejection, Source
from aggregator.vocabulary import RunState, SourceState
from aggregator.web import source_page
from aggregator.web.reasons import sentence
from aggregator.web.source_page import SourceReport

_GOOD = (RunState.HEALTHY, RunState.HELD)
_COUNTS = (
    ("created", gettext_lazy("created")),
    ("updated", gettext_lazy("updated")),
    ("seats", gettext_lazy("seats")),
    ("restored", gettext_lazy("restored")),
    ("withdrawn", gettext_lazy("withdrawn")),
    ("held_count", gettext_lazy("held")),
    ("unchanged", gettext_lazy("unchanged")),
)
_STOPPED = (SourceState.PAUSED, SourceState.NEEDS_ATTENTION, SourceState.BACKING_OFF)


@dataclass(frozen=True, slots=True)
class Panel:
    """One provider on the operator's page. *worst* is in words how old its data has been at most."""

    report: SourceReport
    source: Source
    chart: freshness.Chart
    worst: str
    rejections: int
    ready: bool
    paused_by_hand: bool
    resumable: bool


@admin.register(Source)
class SourceAdmin(ReadOnly):
    """One page for all providers in place of a list; a provider's own page shows its columns."""

    class Media:
        css = {"all": ("css/operator.css",)}

    def get_urls(self) -> list[URLPattern]:
        """The tables' addresses and that of the buttons."""
        view = self.admin_site.admin_view(self.control_view)
        return [path("<slug:slug>/control/", view, name="aggregator_source_control"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """State, freshness and buttons of every provider."""
        self.require_reader(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Sources"),
            "opts": self.opts,
            "media": self.media,
            "panels": panels(timezone.now()),
            "may_operate": self.has_operate_permission(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/aggregator/sources.html", context)

    def control_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Do what a button says: ``do`` is ``ingest``, ``full``, ``pause`` or ``resume``."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self.require_operator(request)
        act = _ACTS.get(request.POST.get("do", ""))
        if act is None or slug not in settings.PROVIDERS:
            raise Http404
        level, text = act(slug)
        source = Source.objects.filter(slug=slug).first()
        if source is not None:
            self.log_change(request, source, text)
        self.message_user(request, f"{settings.PROVIDERS[slug].provider.name}: {text}", level)
        return HttpResponseRedirect(reverse("admin:aggregator_source_changelist"))


# The ingest modules are imported where they are used: every process loads the admin, and few of them ingest.


def _ingest(slug: str, full: bool) -> tuple[int, str]:
    from aggregator.ingest import control

    try:
        run = control.ingest_now(slug, full, timezone.now())
    except control.NotPossible as error:
        return messages.WARNING, _("not possible. %(why)s") % {"why": sentence(error.reason)}
    if run.state == RunState.WAITING and run.due_at > timezone.now():
        return messages.WARNING, _("a run waits already, until upstream lets it go on.")
    return messages.SUCCESS, _("everything is read anew.") if full else _("it is read now.")


def _pause(slug: str) -> tuple[int, str]:
    from aggregator.ingest import control

    control.pause(slug)
    return messages.SUCCESS, _("paused until you resume it.")


def _resume(slug: str) -> tuple[int, str]:
    from aggregator.ingest import control

    control.resume(slug)
    return messages.SUCCESS, _("resumed.")


_ACTS: dict[str, Callable[[str], tuple[int, str]]] = {
    "ingest": lambda slug: _ingest(slug, full=False),
    "full": lambda slug: _ingest(slug, full=True),
    "pause": _pause,
    "resume": _resume,
}


def panels(now: datetime) -> list[Panel]:
    """A panel for every provider there is, in the order of the registry."""
    from aggregator.ingest import schedule

    sources = {source.slug: source for source in Source.objects.all()}
    rejected = Rejection.objects.order_by().values_list("provider").annotate(Count("id"))
    rejections = dict(rejected)
    charts = _charts(now)
    found = []
    for report in source_page.describe(now):
        source = sources.get(report.slug) or Source(slug=report.slug)
        by_hand = source.state == SourceState.PAUSED and source.reason == schedule.BY_HAND
        found.append(
            Panel(
                report=report,
                source=source,
                chart=(chart := charts(report.slug)),
                worst=timesince(now - chart.worst, now, depth=1) if chart.worst else "",
                rejections=rejections.get(report.slug, 0),
                ready=not report.missing and not by_hand,
                paused_by_hand=by_hand,
                resumable=source.state in _STOPPED or source.failures > 0,
            )
        )
    return found


def _charts(now: datetime) -> Callable[[str], freshness.Chart]:
    """The chart of a provider, out of two queries for all of them."""
    start = now - freshness.SPAN
    ended = IngestRun.objects.filter(finished_at__isnull=False, state__in=(*_GOOD, RunState.FAILED))
    earlier = ended.filter(finished_at__lt=start, state__in=_GOOD).order_by().values_list("provider")
    before = dict(earlier.annotate(Max("finished_at")))
    endings: dict[str, list[freshness.Ending]] = defaultdict(list)
    recent = ended.filter(finished_at__gte=start).values_list("provider", "state", "finished_at")
    for provider, state, at in recent:
        if at is not None:
            endings[provider].append(freshness.Ending(at, state in _GOOD))
    return lambda slug: freshness.draw(endings[slug], before.get(slug), now)


@admin.register(IngestRun)
class IngestRunAdmin(ReadOnly):
    """Every run there was, with its counts and how long it took."""

    list_display = (
        *("id", "provider", "mode", "state", "reason", "created_at", "took", "came_of_it"),
        *("requests", "fetched", "rejected", "spent"),
    )
    list_filter = ("provider", "state", "mode", ("created_at", admin.DateFieldListFilter), "reason")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without what only a worker reads."""
        return super().get_queryset(request).defer("position", "cursors", "complete", "unreadable")

    @admin.display(description=gettext_lazy("Took"))
    def took(self, run: IngestRun) -> str:
        """From beginning to end, waiting included."""
        if run.started_at is None:
            return "–"
        if run.finished_at is None:
            return _("since %(time)s") % {"time": f"{run.started_at:%H:%M}"}
        return _lasting((run.finished_at - run.started_at).total_seconds())

    @admin.display(description=gettext_lazy("Rows"))
    def came_of_it(self, run: IngestRun) -> str:
        """What was written and what was not, without the noughts."""
        counts = ((getattr(run, name), label) for name, label in _COUNTS)
        return ", ".join(f"{number}\xa0{label}" for number, label in counts if number) or "–"

    @admin.display(description=gettext_lazy("Fetch · map · store"))
    def spent(self, run: IngestRun) -> str:
        """Where the time went."""
        return " · ".join(map(_lasting, (run.fetch_seconds, run.map_seconds, run.store_seconds)))


def _lasting(seconds: float) -> str:
    """A duration in few letters."""
    if seconds < 60:
        return f"{seconds:.1f}\xa0s"
    minutes, rest = divmod(round(seconds), 60)
    return (
        f"{minutes}\xa0min\xa0{rest}\xa0s"
        if minutes < 60
        else f"{minutes // 60}\xa0h\xa0{minutes % 60}\xa0min"
    )
