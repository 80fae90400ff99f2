"""Reading Filmmakers' API: labels, then the list of profiles, then those that changed one by one, then agencies.

300 requests in five minutes are all there is, counted across processes: a run spends what the window allows, is told
to come back, and goes on where it stood. It decides nothing about rows. Source: the provider's documentation, in the
two states that are known of it.
"""

from collections.abc import Container, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aggregator.http import FetchError, RetryLater
from aggregator.provider import Batch, Document, Refusal, Visit
from aggregator.vocabulary import Kind, Mode
from providers.filmmakers import directory, privacy, profiles
from providers.filmmakers.listing import Page, pages, row_id
from providers.filmmakers.profiles import Found
from providers.filmmakers.reading import instant

__all__ = ["fetch"]

FEED: Final = "profiles"
#: Seconds that an incremental list reaches behind the last stamp seen.
OVERLAP: Final = 60

_STEPS: Final = ("attributes", FEED, "unlisted", "agencies", "done")
_FETCHED: Final = 20
_LOOKED_UP: Final = 200
_FAILURES_IN_A_ROW: Final = 3


def fetch(visit: Visit) -> Iterator[Batch]:
    """What *visit*'s mode asks for, in batches of at most some hundred documents.

    WANTED, or with ``wanted``: only these profiles. CHANGES: the list since the cursor, or whole without one; FULL: the
    whole list, and once a week the labels of the closed lists. Of both, the profiles whose stamp is not the stored one,
    and the agencies that they name. Under ``publish=none`` no profile is asked for. Raises ``FetchError`` and
    ``RetryLater``; what was read before is yielded first.
    """
    if visit.wanted or visit.mode is Mode.WANTED:
        yield from _wanted(visit)
        return
    step = str(visit.position.get("step", _STEPS[0]))
    progress = Progress.of(visit)
    if step == _STEPS[0]:
        if visit.mode is Mode.FULL and visit.config.publish != "none":
            yield from directory.attributes(visit)
        step = FEED
    listed: set[int] | None = None
    if step == FEED:
        listed = yield from _profiles(visit, progress)
        step = "agencies" if listed is None else "unlisted"
    if step == "unlisted":
        yield from _unlisted(visit, progress, listed or set())
        step = "agencies"
    if step == "agencies":
        yield from directory.agencies(visit, tuple(progress.agencies), progress.position("agencies"))


@dataclass
class Progress:
    """Where a run is within the profiles, as far as another process needs it.

    page, after: the page and the last id handled on it. count: how many were. newest: the latest stamp of the list, in
    Unix seconds. agencies: the ids named by what was read, in the order in which they came. in_order: whether ids
    rise, as was asked for; where they do not, no id stands for those before it.
    """

    page: int = 1
    after: int = 0
    count: int = 0
    newest: int = 0
    agencies: dict[int, None] = field(default_factory=dict)
    in_order: bool = True

    @classmethod
    def of(cls, visit: Visit) -> "Progress":
        """As *visit*'s position says; what it holds of another shape counts as nothing."""
        place = visit.position

        def number(name: str) -> int:
            value = place.get(name)
            return value if isinstance(value, int) else 0

        met = place.get("agencies")
        return cls(
            page=max(1, number("page")),
            after=number("after"),
            count=number("count"),
            newest=number("newest"),
            agencies=dict.fromkeys(met if isinstance(met, list | tuple) else ()),
        )

    def position(self, step: str = FEED) -> dict[str, Any]:
        """JSON-ready, for ``Visit.position``."""
        kept: dict[str, Any] = {"step": step, "agencies": list(self.agencies)}
        if step == FEED and self.in_order:
            kept |= {"page": self.page, "after": self.after, "count": self.count}
        return kept | ({"newest": self.newest} if step == FEED else {})

    def passed(self, profile_id: int) -> None:
        """Note that a profile was handled."""
        self.in_order = self.in_order and profile_id > self.after
        self.after = max(self.after, profile_id)


@dataclass
class _Haul:
    """What was read since the last batch. *failing* are profiles in a row that failed, maybe not by themselves."""

    documents: list[Document] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    forgotten: list[tuple[Kind, str]] = field(default_factory=list)
    failing: list[Refusal] = field(default_factory=list)

    def is_full(self) -> bool:
        return len(self.documents) + len(self.forgotten) >= _FETCHED or len(self.seen) >= _LOOKED_UP

    def add(self, found: Found) -> None:
        self.refused += self.failing
        self.failing = []
        self.forgotten += profiles.forget(*found.forgotten)
        self.documents += [found.document] if found.document else []
        self.refused += [found.refused] if found.refused else []

    def unload(self, position: Mapping[str, Any], *, whole: bool = False, **more: Any) -> Batch:
        if whole:
            self.refused, self.failing = self.refused + self.failing, []
        batch = Batch(
            documents=tuple(self.documents),
            seen=tuple(self.seen),
            refused=tuple(self.refused),
            forgotten=tuple(self.forgotten),
            position=dict(position),
            **more,
        )
        self.documents, self.seen, self.refused, self.forgotten = [], [], [], []
        return batch

    def __bool__(self) -> bool:
        return bool(self.documents or self.seen or self.refused or self.forgotten)


def _profiles(visit: Visit, progress: Progress) -> Generator[Batch, None, set[int] | None]:
    """The list and what changed of it. The end of the last page moves the cursor and may complete the scope.

    Gives the ids that this attempt met; None where the list was not read whole, or named nobody.
    """
    since, start = _since(visit), progress.after
    haul, met, total, position = _Haul(), _Met(), None, dict(visit.position)
    try:
        for page in pages(visit, since, progress.page, progress.after):
            total, progress.page = page.total, page.number
            for part in _parts(page.rows):
                for step in _steps(visit, part, met, start, haul):
                    _take(visit, step, haul, progress)
                    progress.count += 1
                    if not haul.failing:
                        progress.passed(step.id)
                        position = progress.position()
                    if haul.is_full():
                        yield haul.unload(position, expected=total or 0)
            progress.newest = max(progress.newest, _newest(page, visit.now))
    except FetchError:
        if haul:
            yield haul.unload(position, expected=total or 0)
        raise
    read_whole = since is None and total is not None and progress.count + met.unreadable >= total
    # A list of nobody is taken for a failure, and then nobody's profile is asked for either.
    asks_further = read_whole and progress.count > 0
    yield haul.unload(
        progress.position("unlisted" if asks_further else "agencies"),
        whole=True,
        expected=total or 0,
        cursors={FEED: str(progress.newest)} if progress.newest else {},
        complete=((profiles.KIND, profiles.SCOPE),) if read_whole else (),
    )
    return met.ids if asks_further else None


def _unlisted(visit: Visit, progress: Progress, listed: Container[int]) -> Iterator[Batch]:
    """Profiles of ours that the whole list did not name, one by one: deletions never stand in it.

    So somebody deleted is forgotten although the webhook was lost. It goes on where it stood, since whoever was asked
    about counts as seen; *listed* are those of the list that are still to be committed.
    """
    if visit.config.publish == "none":
        return
    haul = _Haul()
    try:
        for key in visit.unseen(profiles.KIND, profiles.SCOPE):
            if key.isdecimal() and int(key) not in listed:
                _read(visit, int(key), None, haul, progress)
            if haul.is_full():
                yield haul.unload(progress.position("unlisted"))
    except FetchError:
        if haul:
            yield haul.unload(progress.position("unlisted"))
        raise
    yield haul.unload(progress.position("agencies"), whole=True)


@dataclass
class _Met:
    """Ids of the list so far, and how many rows had none."""

    ids: set[int] = field(default_factory=set)
    unreadable: int = 0


@dataclass(frozen=True)
class _Step:
    """One row: *is_known* says that the stored document is still good."""

    id: int
    row: Mapping[str, Any]
    is_known: bool


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _LOOKED_UP):
        yield rows[start : start + _LOOKED_UP]


def _steps(visit: Visit, rows: Sequence[Any], met: _Met, start: int, haul: _Haul) -> Iterator[_Step]:
    """The rows that were not met yet and lie behind *start*; rows without an id are refused."""
    fresh: dict[int, Mapping[str, Any]] = {}
    for row in rows:
        found = row_id(row)
        if found is None:
            met.unreadable += 1
            haul.refused.append(
                Refusal(
                    profiles.KIND, None, "unreadable_id", "id", "a row without an id", scope=profiles.SCOPE
                )
            )
        elif found not in met.ids:
            met.ids.add(found)
            if found > start:
                fresh[found] = row
    stored = visit.validators(profiles.KIND, [str(each) for each in fresh])
    for each, row in sorted(fresh.items()):
        expected = profiles.validator(visit.config.publish, row.get("updated_at"))
        yield _Step(each, row, bool(expected) and stored.get(str(each)) == expected)


def _take(visit: Visit, step: _Step, haul: _Haul, progress: Progress) -> None:
    """Puts what one row brings into *haul*. Raises ``FetchError`` where the run has to stop."""
    if privacy.may_be_a_child(step.row, visit.now):
        haul.add(Found(forgotten=(step.id,)))
    elif step.is_known:
        haul.seen.append((profiles.KIND, str(step.id)))
    elif visit.config.publish == "none":
        haul.add(Found(document=profiles.hidden(step.id, "none", step.row.get("updated_at"))))
    else:
        _read(visit, step.id, step.row.get("updated_at"), haul, progress)


def _read(visit: Visit, profile_id: int, listed: object, haul: _Haul, progress: Progress) -> None:
    try:
        found = profiles.read(visit, profile_id, listed)
    except FetchError as error:
        if isinstance(error, RetryLater) or profiles.is_general(error):
            raise
        haul.failing.append(profiles.failed(profile_id, error))
        if len(haul.failing) >= _FAILURES_IN_A_ROW:
            raise
        return
    progress.agencies |= dict.fromkeys(found.agencies)
    haul.add(found)


def _wanted(visit: Visit) -> Iterator[Batch]:
    """The profiles that a hook asked for. A second visit asks for all of them again."""
    haul, progress = _Haul(), Progress()
    ids = [int(key) for kind, key in visit.wanted if kind == profiles.KIND and key.isdecimal()]
    try:
        for profile_id in dict.fromkeys(ids):
            if visit.config.publish == "none":
                continue
            _read(visit, profile_id, None, haul, progress)
            if haul.is_full():
                yield haul.unload({})
    except FetchError:
        if haul:
            yield haul.unload({})
        raise
    yield haul.unload({}, whole=True)
    yield from directory.agencies(visit, tuple(progress.agencies), {})


def _since(visit: Visit) -> int | None:
    """Where an incremental list begins, in Unix seconds; None for the whole list."""
    cursor = visit.cursor(FEED) if visit.mode is Mode.CHANGES else None
    return max(0, int(cursor) - OVERLAP) if cursor and cursor.isdecimal() else None


def _newest(page: Page, now: datetime) -> int:
    """The latest stamp on the page, rounded down. A stamp ahead of our clock is not believed beyond it."""
    stamps = (instant(row.get("updated_at")) for row in page.rows if isinstance(row, Mapping))
    return max((min(int(each.timestamp()), int(now.timestamp())) for each in stamps if each), default=0)
