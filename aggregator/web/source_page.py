"""How the providers are doing, in plain words for the operator and for anybody who wonders how fresh this is.

Messages of runs are left out on purpose: they may quote upstream. What is shown are codes turned into
sentences, counts and times.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.ingest.schedule import next_due
from aggregator.models import (
    Event,
    Festival,
    Film,
    IngestRun,
    Organisation,
    Person,
    Rejection,
    Showing,
    Source,
    Venue,
)
from aggregator.provider import Configured
from aggregator.vocabulary import Mode, RunState, SourceState
from aggregator.web import clock
from aggregator.web.reasons import sentence
from aggregator.web.words import MODES, RUN_STATES, SOURCE_STATES

NAMED_IN_HOLD = 12
OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)
_ROWS: tuple[tuple[Any, Any], ...] = (
    (gettext_lazy("Showings"), Showing),
    (gettext_lazy("Events"), Event),
    (gettext_lazy("Films"), Film),
    (gettext_lazy("Festivals"), Festival),
    (gettext_lazy("Venues"), Venue),
    (gettext_lazy("Organisers"), Organisation),
    (gettext_lazy("People"), Person),
)
_COUNTS: tuple[tuple[str, Any], ...] = (
    ("fetched", gettext_lazy("Documents fetched")),
    ("created", gettext_lazy("Rows created")),
    ("updated", gettext_lazy("Rows updated")),
    ("seats", gettext_lazy("Seats alone updated")),
    ("unchanged", gettext_lazy("Documents unchanged")),
    ("withdrawn", gettext_lazy("Rows withdrawn")),
    ("restored", gettext_lazy("Rows come back")),
    ("rejected", gettext_lazy("Documents rejected")),
)


@dataclass(frozen=True, slots=True)
class RunReport:
    """The last finished run of one mode."""

    mode: Any
    outcome: Any
    look: str
    when: str
    at: datetime | None
    reason: Any


@dataclass(frozen=True, slots=True)
class Hold:
    """What a held run would withdraw: how many rows, the first by name, why, and what releases them."""

    number: int
    names: tuple[str, ...]
    reason: Any
    command: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One provider for a template. *look* is ``good``, ``busy``, ``bad``, ``held`` or ``off``."""

    slug: str
    name: str
    homepage: str
    look: str
    symbol: str
    state: Any
    reason: Any
    missing: str
    good: datetime | None
    good_age: str
    due: str
    runs: tuple[RunReport, ...]
    counts: tuple[tuple[Any, tuple[int, ...]], ...]
    rows: tuple[tuple[Any, int], ...]
    rejections: tuple[tuple[str, Any, int], ...]
    hold: Hold | None


_SYMBOLS = {"good": "●", "busy": "◐", "bad": "✕", "held": "‖", "off": "○", "new": "◌"}


def describe(now: datetime) -> list[SourceReport]:
    """A report for every provider there is, with or without credentials, in the order of the registry."""
    stored = {source.slug: source for source in Source.objects.all()}
    finished, opened = _runs()
    rows, rejections = _row_counts(), _rejection_counts()
    return [
        _report(
            configured,
            stored.get(slug) or Source(slug=slug),
            finished.get(slug, []),
            opened.get(slug, []),
            rows.get(slug, ()),
            rejections.get(slug, ()),
            now,
        )
        for slug, configured in settings.PROVIDERS.items()
    ]


def _report(
    configured: Configured,
    source: Source,
    finished: Sequence[IngestRun],
    opened: Sequence[IngestRun],
    rows: Iterable[tuple[Any, int]],
    rejections: Iterable[tuple[str, Any, int]],
    now: datetime,
) -> SourceReport:
    look, state = _state(configured, source, finished, opened)
    due = next_due(source.slug, now) if configured.config is not None else None
    return SourceReport(
        slug=source.slug,
        name=configured.provider.name,
        homepage=configured.provider.homepage,
        look=look,
        symbol=_SYMBOLS[look],
        state=state,
        reason=sentence(source.reason) if source.reason else "",
        missing=configured.missing if configured.config is None else "",
        good=source.last_good_at,
        good_age=clock.age(source.last_good_at, now),
        due=clock.until(due, now),
        runs=tuple(_run(run, now) for run in finished),
        counts=tuple((label, tuple(getattr(run, name) for run in finished)) for name, label in _COUNTS),
        rows=tuple(rows),
        rejections=tuple(rejections),
        hold=_hold(finished),
    )


def _state(
    configured: Configured, source: Source, finished: Sequence[IngestRun], opened: Sequence[IngestRun]
) -> tuple[str, Any]:
    """A look and a sentence: what matters most comes first."""
    if configured.config is None:
        return "off", _("No credentials")
    if source.state in (SourceState.PAUSED, SourceState.NEEDS_ATTENTION, SourceState.BACKING_OFF):
        return "bad", SOURCE_STATES[source.state]
    if source.reason or source.failures:
        return "bad", SOURCE_STATES[SourceState.BACKING_OFF]
    if _hold(finished):
        return "held", _("Up to date, but withdrawals wait for the operator")
    if source.state == SourceState.RUNNING or any(run.state == RunState.RUNNING for run in opened):
        return "busy", SOURCE_STATES[SourceState.RUNNING]
    if source.last_good_at is None:
        return "new", _("Never read yet")
    return "good", SOURCE_STATES[SourceState.IDLE]


def _run(run: IngestRun, now: datetime) -> RunReport:
    return RunReport(
        mode=MODES[run.mode],
        outcome=RUN_STATES[run.state],
        look={RunState.HEALTHY: "good", RunState.HELD: "held", RunState.FAILED: "bad"}.get(
            RunState(run.state), "off"
        ),
        when=clock.age(run.finished_at, now),
        at=run.finished_at,
        reason=sentence(run.reason) if run.reason else "",
    )


def _hold(finished: Sequence[IngestRun]) -> Hold | None:
    """The newest hold that no later run of everything has settled."""
    held = max((run for run in finished if run.state == RunState.HELD), key=lambda run: run.pk, default=None)
    whole = (run.pk for run in finished if run.mode == Mode.FULL and run.state == RunState.HEALTHY)
    if held is None or held.pk < max(whole, default=0):
        return None
    return Hold(
        number=held.held_count,
        names=tuple(_name(one) for one in held.held[:NAMED_IN_HOLD]),
        reason=sentence(held.reason),
        command=f"manage.py ingest {held.provider} --full --force",
    )


def _name(row: Any) -> str:
    """A row that waits to be withdrawn, as title and day."""
    if not isinstance(row, Mapping):
        return str(row)
    return " · ".join(
        filter(None, (str(row.get("title") or row.get("id", "")), str(row.get("starts_at", ""))[:10]))
    )


def _runs() -> tuple[dict[str, list[IngestRun]], dict[str, list[IngestRun]]]:
    """By provider: the last finished run of each mode, fullest first, and the runs that are open. Two
    queries.
    """
    ends = IngestRun.objects.exclude(state__in=OPEN)
    last = ends.values("provider", "mode").annotate(last=Max("id")).values_list("last", flat=True)
    wanted = IngestRun.objects.filter(pk__in=list(last)) | IngestRun.objects.filter(state__in=OPEN)
    finished: dict[str, list[IngestRun]] = {}
    opened: dict[str, list[IngestRun]] = {}
    order = [Mode.FULL, Mode.CHANGES, Mode.AVAILABILITY, Mode.WANTED]
    for run in sorted(wanted.defer("position", "cursors"), key=lambda run: order.index(Mode(run.mode))):
        (opened if run.state in OPEN else finished).setdefault(run.provider, []).append(run)
    return finished, opened


def _row_counts() -> dict[str, list[tuple[Any, int]]]:
    """By provider: how many rows of each kind visitors can see. One query a kind."""
    found: dict[str, list[tuple[Any, int]]] = {}
    for label, model in _ROWS:
        counted = model.objects.public().order_by().values_list("provider").annotate(Count("id"))
        for provider, number in counted:
            found.setdefault(provider, []).append((label, number))
    return found


def _rejection_counts() -> dict[str, list[tuple[str, Any, int]]]:
    """By provider: reason code, sentence and number of documents in quarantine, most first. One query."""
    counted = Rejection.objects.order_by().values_list("provider", "reason").annotate(number=Count("id"))
    found: dict[str, list[tuple[str, Any, int]]] = {}
    for provider, reason, number in counted.order_by("-number", "reason"):
        found.setdefault(provider, []).append((reason, sentence(reason), number))
    return found
