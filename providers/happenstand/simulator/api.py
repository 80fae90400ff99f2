"""The twelve calls of the API over the invented catalogue, with the defaults that the contract says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from providers.happenstand.simulator.catalogue import (
    FIRST_PERSON,
    FIRST_PLACE,
    Happening,
    Place,
    person_name,
    place,
)
from providers.happenstand.simulator.edits import Edited, ended, newest_first
from providers.happenstand.simulator.geography import Point, geocoder, located, miles
from providers.happenstand.simulator.rows import LOCALE, Item, Writer
from providers.simulation.simulator import Request

T = TypeVar("T")

MESSAGES = {
    100: "API key is not valid",
    101: "API key is not active",
    200: "Missing required parameter ({})",
    201: "Item not valid or unavailable",
    202: "Could not determine query location",
    404: "Resource not found",
    500: "Application error",
    999: "Something nobody documented",
}
_WORD = re.compile(r"[\w’']+")


class Failed(Exception):
    """The envelope's error; *code* is one of MESSAGES."""

    def __init__(self, code: int, name: str = "") -> None:
        super().__init__(MESSAGES[code].format(name))
        self.code = code


def number_of(text: str | None, default: int | None, *, lowest: int = 0) -> int | None:
    """A count from the query; what is negative or no number is the default."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < lowest:
        return default
    return int(text)


@dataclass(frozen=True)
class Api:
    """Answers calls with the payload of their envelope."""

    edited: Edited
    writer: Writer
    switch: Callable[[str], str]
    places: tuple[Place, ...]
    geography: dict[str, Point]

    @classmethod
    def over(cls, edited: Edited, writer: Writer, switch: Callable[[str], str]) -> Api:
        """The API over a catalogue and what was changed in it."""
        seed = edited.catalogue.world.seed
        places = tuple(place(seed, number) for number in range(edited.catalogue.venues))
        return cls(edited, writer, switch, places, geocoder(places))

    def calls(self) -> Mapping[str, Callable[[Request], Item]]:
        """Path below the version to what answers it."""
        return {
            "events/recent": self._recent,
            "events/start": self._start,
            "events/end": self._end,
            "events/proximity": self._events_near,
            "events/detail": self._event,
            "events/picks": self._picks,
            "places/list": self._places,
            "places/proximity": self._places_near,
            "places/detail": self._place,
            "people/list": self._people,
            "people/detail": self._person,
            "search": self._search,
        }

    def now(self) -> datetime:
        """The server's wall clock."""
        return self.edited.catalogue.now()

    # Events

    def _summaries(self, events: Iterable[Happening]) -> Item:
        return {"events": [self.writer.summary(one) for one in events]}

    def _recent(self, request: Request) -> Item:
        listed = newest_first(self.edited) if _is_here(request) else []
        if self.switch("recent") == "newest_50":
            listed = listed[:50]
        return self._summaries(_page(listed, request, 20))

    def _picks(self, request: Request) -> Item:
        now = self.now()
        picks = [one for one in self.edited.index().events if one.ap_pick and not ended(one, now)]
        picks.sort(key=lambda one: (one.start, one.event_id))
        return self._summaries(_page(picks, request, 20))

    def _start(self, request: Request) -> Item:
        first, days = self._range(request)
        return self._in_range(request, _begins, first, first + timedelta(days=days - 1))

    def _end(self, request: Request) -> Item:
        day, days = self._range(request)
        reach = timedelta(days=days - 1)
        if self.switch("end_direction") == "forwards":
            return self._in_range(request, self._ends, day, day + reach)
        return self._in_range(request, self._ends, day - reach, day)

    def _ends(self, one: Happening) -> Sequence[date]:
        return [one.end.date() if self.switch("end_filter") == "raw" else one.last_day]

    def _range(self, request: Request) -> tuple[date, int]:
        try:
            first = datetime.strptime(request.query.get("date", ""), "%Y-%m-%d").date()  # noqa: DTZ007
        except ValueError:
            first = self.now().date()
        return first, number_of(request.query.get("days"), 1, lowest=1) or 1

    def _in_range(
        self, request: Request, days_of: Callable[[Happening], Sequence[date]], first: date, last: date
    ) -> Item:
        def chosen(one: Happening) -> bool:
            days = [*days_of(one)]
            if self.switch("special_dates") == "count":
                days += [special.start.date() for special in one.specials]
            return any(first <= day <= last for day in days)

        picks = {"true": True, "false": False}.get(request.query.get("ap_pick", ""))
        events = [one for one in self.edited.index().events if _is_here(request) and chosen(one)]
        events = [one for one in events if picks is None or one.ap_pick is picks]
        events.sort(key=lambda one: (one.start, one.event_id))
        return self._summaries(events[: number_of(request.query.get("length"), None, lowest=1)])

    def _events_near(self, request: Request) -> Item:
        where, reach = self._around(request)
        now = self.now()
        near = []
        for one in self.edited.index().events:
            at = self.places[one.places[0]]
            far = miles(where, (at.latitude, at.longitude))
            if far <= reach and not ended(one, now):
                near.append((far, one.event_id, one))
        near.sort(key=lambda entry: entry[:2])
        length = number_of(request.query.get("length"), 20, lowest=1)
        return {"events": [self.writer.summary(one, distance=f"{far:.15g}") for far, _, one in near[:length]]}

    def _event(self, request: Request) -> Item:
        found = self.edited.index().by_id.get(_identity(request, 0))
        if found is None:
            raise Failed(201)
        return {"event": self.writer.detail(found)}

    # Places and people

    def _current(self, venue: Place) -> list[Happening]:
        now = self.now()
        return [one for one in self.edited.index().by_place.get(venue.number, []) if not ended(one, now)]

    def _places(self, request: Request) -> Item:
        listed = [one for one in self.places if _is_here(request) and _begins_with(one.name, request)]
        listed.sort(key=lambda one: (one.name.lower(), one.number))
        page = _page(listed, request, None)
        return {"places": [self.writer.place_row(one, self._current(one)) for one in page]}

    def _places_near(self, request: Request) -> Item:
        where, reach = self._around(request)
        near = [(miles(where, (one.latitude, one.longitude)), one.number, one) for one in self.places]
        near = sorted((entry for entry in near if entry[0] <= reach), key=lambda entry: entry[:2])
        page = _page(near, request, 20)
        rows = [
            self.writer.place_row(one, self._current(one), distance=f"{far:.15g}") for far, _, one in page
        ]
        return {"places": rows}

    def _place(self, request: Request) -> Item:
        number = _identity(request, FIRST_PLACE)
        if not 0 <= number < len(self.places):
            raise Failed(201)
        found = self.places[number]
        return {"place": self.writer.place_detail(found, self._current(found))}

    def _people(self, request: Request) -> Item:
        seed, count = self.edited.catalogue.world.seed, self.edited.catalogue.persons
        listed = [(person_name(seed, number), number) for number in range(count)]
        listed = [entry for entry in listed if _begins_with(entry[0], request)]
        listed.sort(key=lambda entry: (entry[0].lower(), entry[1]))
        return {"people": [self.writer.person_row(number) for _, number in _page(listed, request, None)]}

    def _person(self, request: Request) -> Item:
        number = _identity(request, FIRST_PERSON)
        if not 0 <= number < self.edited.catalogue.persons:
            raise Failed(201)
        events = self.edited.index().by_person.get(number, [])
        return {"person": self.writer.person_detail(number, events, self.now())}

    def _around(self, request: Request) -> tuple[Point, float]:
        where = located(_required(request, "query"), self.geography)
        if where is None:
            raise Failed(202)
        try:
            reach = float(request.query.get("distance", "1"))
        except ValueError:
            reach = 1.0
        return where, reach if 0 < reach < 25_000 else 1.0

    # Search

    def _search(self, request: Request) -> Item:
        wanted = set(_WORD.findall(_required(request, "query").lower()))
        seed = self.edited.catalogue.world.seed

        def ranked(entries: Iterable[tuple[str, str, T]]) -> list[tuple[float, T]]:
            scored = [(_score(wanted, name, text), at, one) for at, (name, text, one) in enumerate(entries)]
            hits = sorted((entry for entry in scored if entry[0]), key=lambda entry: (-entry[0], entry[1]))
            return [(score, one) for score, _, one in hits]

        events = ranked(
            (self.writer.name(one), self.writer.description(one), one) for one in self.edited.index().events
        )
        places = ranked((one.name, f"{one.address} {one.city}", one) for one in self.places)
        people = ranked(
            (person_name(seed, number), "", number) for number in range(self.edited.catalogue.persons)
        )
        return {
            "events": [self.writer.summary(one, score=f"{score:.3f}") for score, one in events],
            "places": [self.writer.place_row(one, (), score=f"{score:.3f}") for score, one in places],
            "people": [self.writer.person_row(one, score=f"{score:.3f}") for score, one in people],
        }


def _score(wanted: set[str], name: str, text: str) -> float:
    if not wanted:
        return 0.0
    in_name = wanted & set(_WORD.findall(name.lower()))
    in_text = (wanted & set(_WORD.findall(text.lower()))) - in_name
    return (len(in_name) + 0.4 * len(in_text)) / len(wanted)


def _begins(one: Happening) -> Sequence[date]:
    return [one.start.date()]


def _is_here(request: Request) -> bool:
    return request.query.get("loc", "") in ("", LOCALE)


def _begins_with(name: str, request: Request) -> bool:
    letter = request.query.get("start", "").lower()
    return not letter or (name[:1].isdigit() if letter == "0" else name.lower().startswith(letter))


def _page(rows: Sequence[T], request: Request, default: int | None) -> Sequence[T]:
    offset = number_of(request.query.get("offset"), 0) or 0
    if request.take("ignored_offset", True):
        offset = 0
    length = number_of(request.query.get("length"), default, lowest=1)
    return rows[offset:] if length is None else rows[offset : offset + length]


def _required(request: Request, name: str) -> str:
    value: Any = request.query.get(name, "").strip()
    if not value:
        raise Failed(200, name)
    return str(value)


def _identity(request: Request, first: int) -> int:
    text = _required(request, "id")
    return int(text) - first if text.isascii() and text.isdigit() and len(text) < 15 else -1
