"""Reading Happenstand: which lists, in which order, what may be remembered after each, and what was read whole.

The API says neither when something changed nor how much there is (contract, sections 5.1 and 5.2). A summary's print
is the validator of its event's details; what is absent is believed only on the evidence that the README describes.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from aggregator.http import FetchError, RetryLater, faults
from aggregator.provider import Batch, Refusal, Visit
from aggregator.vocabulary import Mode
from providers.happenstand.details import Haul, Step, walk
from providers.happenstand.items import Item, fingerprint
from providers.happenstand.reading import PAGE, Reading, Rows
from providers.happenstand.routes import (
    EVENTS_END,
    EVENTS_PICKS,
    EVENTS_RECENT,
    EVENTS_START,
    PEOPLE_LIST,
    PLACES_LIST,
    Route,
)
from providers.happenstand.times import PACIFIC, end_day

#: How far ahead the windows reach. An event that ends later is filed under LATER, whose absence proves nothing.
HORIZON: Final = timedelta(days=728)
SCOPE: Final = ""
LATER: Final = "later"
#: Pages of an hourly run's lists that are read even if the first brings nothing new: the order is not documented.
FEWEST_PAGES: Final = 2

_STEPS: Final = ("event", "place", "person")
_STOPPING: Final = (faults.UNAUTHORISED, faults.FORBIDDEN, faults.RATE_LIMITED)


def fetch(visit: Visit) -> Iterator[Batch]:
    """FULL reads everything; CHANGES the newest of the events and the picks. AVAILABILITY: the API has no seats.

    Raises ``FetchError`` where the list of events, or a list for a passing reason, cannot be had, where the key is
    refused, and at the third detail in a row that fails for a passing reason; what was read before is yielded first.
    """
    reading = Reading(visit)
    if visit.mode is Mode.CHANGES:
        rows = Rows("event")
        for route in (EVENTS_RECENT, EVENTS_PICKS):
            yield from _changes(reading, route, rows)
    elif visit.mode is Mode.FULL:
        begun = str(visit.position.get("step", _STEPS[0]))
        for kind in _STEPS[_STEPS.index(begun) :] if begun in _STEPS else ():
            yield from _everything(reading, kind)


# CHANGES ---------------------------------------------------------------------------------------------------


def _changes(reading: Reading, route: Route, rows: Rows) -> Iterator[Batch]:
    """The details of events whose summary is not the stored one, until a page shows nothing new.

    *rows*: what this run has looked at, which an earlier list may have shown. A run that goes on begins one page
    before the one it was broken off in, since rows may have moved up.
    """
    position = reading.visit.position
    if route is EVENTS_RECENT and position.get("list") == EVENTS_PICKS.path:
        return
    going_on = position.get("list") == route.path and isinstance(position.get("offset"), int)
    offset = max(0, position["offset"] - PAGE) if going_on else 0
    today = reading.visit.now.astimezone(PACIFIC).date()
    try:
        for number, (reached, new) in enumerate(reading.pages(route, rows, offset=offset), start=1):
            steps = _steps("event", {key: rows.found[key] for key in new}, today)
            known = reading.visit.validators("event", new)
            changed = [step for step in steps if known.get(step.key) != step.validator]
            haul = Haul(refused=rows.refused, position={"list": route.path, "offset": reached})
            rows.refused = []
            haul.seen = [("event", step.key) for step in steps if known.get(step.key) == step.validator]
            yield from walk(reading, changed, haul)
            if not changed and number >= FEWEST_PAGES:
                return
    except FetchError as error:
        if route is EVENTS_RECENT or not _is_of_this_list(error):
            raise
        yield Batch(refused=(_list_refusal(route, error),), position=position)


def _steps(kind: str, rows: Mapping[str, Item], today: date) -> list[Step]:
    return [
        Step(kind, key, fingerprint(row), _scope(row, today) if kind == "event" else SCOPE)
        for key, row in rows.items()
    ]


def _scope(row: Item, today: date) -> str:
    ends = _end_of(row)
    return LATER if ends is not None and ends > today + HORIZON else SCOPE


def _end_of(row: Item) -> date | None:
    start, end = row.get("start"), row.get("end")
    if not isinstance(start, str) or not isinstance(end, str):
        return None
    return end_day(start, end, all_day=row.get("all_day") == "1")


# FULL ------------------------------------------------------------------------------------------------------


def _everything(reading: Reading, kind: str) -> Iterator[Batch]:
    """All details of one kind, in the order of their ids, and then what was read whole."""
    rows = _LISTED[kind](reading)
    today = reading.visit.now.astimezone(PACIFIC).date()
    ordered = dict(sorted(rows.found.items(), key=lambda row: int(row[0])))
    steps = _steps(kind, ordered, today)
    if kind == "event" and steps:
        # What is to come and in no list may be hidden, or our evidence wrong: upstream is asked for it by its id.
        coming = reading.visit.soon("event", reading.visit.now + HORIZON)
        extra = [Step(kind, key, "", SCOPE, is_listed=False) for key in coming if key not in ordered]
        steps += sorted(extra, key=lambda step: step.key)
    following = _STEPS.index(kind) + 1
    haul = Haul(
        refused=rows.refused,
        position=reading.visit.position,
        at_end={"step": _STEPS[following] if following < len(_STEPS) else "done"},
        complete=((kind, SCOPE),) if rows.whole else (),
        expected=len(steps),
    )
    yield from walk(reading, steps, haul)


def _events(reading: Reading) -> Rows:
    """Every event that any list shows.

    Whole are they only if the windows over the days on which events end were read whole and hold every event that
    another list shows to end within them: else they are not what we take them for.
    """
    rows = Rows("event")
    for _ in reading.pages(EVENTS_RECENT, rows):
        pass
    rows.whole = True  # whether "recent" is everything is not known, so its end is no evidence
    _try(reading, EVENTS_PICKS, rows)
    rows.whole = True
    today = reading.visit.now.astimezone(PACIFIC).date()
    ending, starting = Rows("event"), Rows("event")
    for route, windows in ((EVENTS_END, ending), (EVENTS_START, starting)):
        try:
            # A day to spare: whether whole days end on their last day or at the midnight after is not known.
            reading.windows(route, windows, today - timedelta(days=1), today + HORIZON + timedelta(days=1))
        except FetchError as error:
            if not _is_of_this_list(error):
                raise
            windows.whole = False
            windows.refused.append(_list_refusal(route, error))
    for windows in (starting, ending):
        rows.whole = rows.whole and windows.whole
        rows.refused += windows.refused
    for key, row in {**starting.found, **ending.found}.items():
        rows.found.setdefault(key, row)
    unseen = (row for key, row in rows.found.items() if key not in ending.found)
    if any((ends := _end_of(row)) is not None and today <= ends <= today + HORIZON for row in unseen):
        rows.whole = False
    return rows


def _places(reading: Reading) -> Rows:
    return _try(reading, PLACES_LIST, Rows("place"))


def _people(reading: Reading) -> Rows:
    return _try(reading, PEOPLE_LIST, Rows("person"))


_LISTED: Final = {"event": _events, "place": _places, "person": _people}


def _try(reading: Reading, route: Route, rows: Rows) -> Rows:
    """A list that the run can do without: unknown or broken for good it is refused by name, and is not whole."""
    try:
        for _ in reading.pages(route, rows):
            pass
    except FetchError as error:
        if not _is_of_this_list(error):
            raise
        rows.whole = False
        rows.refused.append(_list_refusal(route, error))
    return rows


def _is_of_this_list(error: FetchError) -> bool:
    """Whether a failure may be that of one call, and the rest is worth asking for."""
    lasting = error.permanent or error.reason == faults.TRUNCATED_DOCUMENT
    return lasting and not isinstance(error, RetryLater) and error.reason not in _STOPPING


def _list_refusal(route: Route, error: FetchError) -> Refusal:
    return Refusal("list", route.path, error.reason, message=str(error), body=error.body[:1024])
