"""The invented agenda: entries begin every week, for ever, and each follows from its number and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from providers.simulation.documents import Row
from providers.simulation.world import World
from providers.simulation.world.dice import Dice
from providers.sowprog.simulator import people, words
from providers.sowprog.simulator.people import FIRST_MONDAY, PARIS, milliseconds

_FIRST_ID, _CONTENT = 100_000, 60
_FIRST_SHOWING, _SHOWINGS, _FIRST_APPEARANCE, _APPEARANCES = 1_000_000, 12, 3_000_000, 8
_PAST_WEEKS, _LONG_AGO_WEEKS, _FUTURE_WEEKS = 6, 30, 13
# About this many showings are listed for each entry that begins in a week.
_LISTED_PER_WEEKLY = 13.2
_DAY = 86_400_000
# Start and end of an evening; what the end may mean is section 5.4.
_EVENINGS = (
    *(("19:00", "22:30"), ("20:00", "23:00"), ("20:30", "23:10"), ("19:30", "22:00"), ("21:00", "00:00")),
    *(("20:00", "20:00"), ("18:30", "02:00")),
)
_NIGHTS = (("23:00", "06:00"), ("23:30", "05:00"), ("22:00", "00:00"))
_AFTERNOONS = (("15:00", "16:10"), ("10:30", "11:15"), ("17:00", "00:00"))


@dataclass(frozen=True)
class _Change:
    """Something that happens to an entry after it was published, and when (milliseconds)."""

    at: int
    what: str


class Invented:
    """Every entry, place, artist and festival of the invented agenda."""

    prunes = True

    def __init__(self, world: World, scale: int, base: str) -> None:
        self._world = world
        self._base = base
        self.weekly = max(2, round(scale / _LISTED_PER_WEEKLY))
        self._stride: int = 10 ** len(str(max(9, self.weekly)))
        self.places = max(8, self.weekly)
        self.artists = max(45, 4 * self.weekly)

    def entries(self, *, past: bool = False) -> Iterator[Row]:
        """Everything published until now, in order of id, with all its showings; *past* for long ago too."""
        now = self._world.instant() * 1000
        for week, index in self._published(now, _LONG_AGO_WEEKS if past else _PAST_WEEKS):
            yield self._entry(week, index, now)

    def _published(self, now: int, weeks_back: int = _PAST_WEEKS) -> Iterator[tuple[int, int]]:
        """Week and place in it of the entries that are published by now."""
        today = self._world.now().astimezone(PARIS).date()
        this = (today - FIRST_MONDAY).days // 7
        for week in range(this - weeks_back, this + _FUTURE_WEEKS):
            for index in range(self.weekly):
                if self._publication(week, index) <= now:
                    yield week, index

    def _publication(self, week: int, index: int) -> int:
        dice = Dice(self._world.seed, "sowprog publication", week, index)
        monday = milliseconds(FIRST_MONDAY + timedelta(weeks=week))
        return monday - dice.between(20, 80) * _DAY + dice.below(_DAY)

    def locations(self) -> Iterator[Row]:
        """Every place, whether anything is on there or not."""
        for number in range(self.places):
            yield people.place(self._world.seed, number, self._base, listed=True)

    def reference_artists(self) -> Iterator[Row]:
        """Every artist who appears in an entry."""
        published = self._published(self._world.instant() * 1000)
        seen = {artist for week, index in published for artist in self._cast(week * self._stride + index)}
        for number in sorted(seen):
            yield people.artist(self._world.seed, number, self._base, listed=True)

    def groups(self) -> Iterator[Row]:
        """Every festival that an entry is part of."""
        published = self._published(self._world.instant() * 1000)
        for week in sorted({week for week, index in published if _is_festive(week, index)}):
            yield people.festival(self._world.seed, week, self._base)

    def types(self) -> Iterator[Row]:
        """The types, each with its styles."""
        for number in range(1, len(words.TYPES) + 1):
            styles = [people.style(style) for style in people.styles_of(number)]
            yield {**people.kind(number), "eventStyle": styles}

    def styles(self) -> Iterator[Row]:
        """The styles."""
        for number in words.STYLES:
            yield people.style(number)

    def _cast(self, number: int) -> list[int]:
        """The artists of an entry in billing order."""
        dice = Dice(self._world.seed, "sowprog cast", number)
        return dice.sample(range(self.artists), dice.pick((1, 1, 2, 2, 2, 3, 5)))

    def _entry(self, week: int, index: int, now: int) -> Row:
        number = week * self._stride + index
        dice = Dice(self._world.seed, "sowprog entry", number)
        monday = FIRST_MONDAY + timedelta(weeks=week)
        published = self._publication(week, index)
        type_number = dice.pick((1, 1, 1, 1, 1, 2, 2, 3, 4))
        festive = _is_festive(week, index)
        showings = self._showings(dice, number, monday, type_number, festive)
        first = date.fromisoformat(str(showings[0]["date"]))
        changes = [c for c in _changes(dice, published, milliseconds(first, time(12))) if c.at <= now]
        happened = {change.what for change in changes}
        version = 1 + len(changes)
        free = dice.chance(0.3)
        if "soldout" in happened:
            showings[0]["soldOut"] = True
        stamp = {"creationDate": published, "modificationDate": changes[-1].at if changes else published}
        entry: Row = {
            "id": _FIRST_ID + number,
            "version": version,
            **stamp,
            "status": "UNPUBLISHED" if "unpublished" in happened else "PUBLISHED",
            "cancellationReason": dice.pick(words.REASONS) if "cancelled" in happened else None,
            "cancelled": "cancelled" in happened,
            "freeAdmission": free,
            "freeAdmissionCondition": dice.pick(words.CONDITIONS) if dice.chance(0.1) else None,
            "event": self._content(dice, number, type_number, version, happened, week if festive else None),
            "eventSchedule": _schedule(_FIRST_ID + number, version, showings),
            "location": people.place(self._world.seed, dice.below(self.places), self._base),
            "artist": self._appearances(number),
        }
        return entry if free else entry | self._tickets(dice, number)

    def _showings(self, dice: Dice, number: int, monday: date, type_number: int, festive: bool) -> list[Row]:
        hours = {2: _NIGHTS, 4: _AFTERNOONS}.get(type_number, _EVENINGS)
        day, start, end = monday + timedelta(days=dice.below(7)), *dice.pick(hours)
        form = dice.fraction()
        if festive:
            days = [monday + timedelta(days=dice.between(3, 6))]
        elif form < 0.70:
            days = [day]
        elif form < 0.85:
            days = [day, day + timedelta(days=1)]
        else:
            days = [day + timedelta(weeks=week) for week in range(dice.between(3, 5))]
        midnight = dice.chance(0.5)
        return [
            {
                "id": _FIRST_SHOWING + number * _SHOWINGS + (at * 5 + 3) % _SHOWINGS,
                "startHour": start,
                "endHour": end,
                "date": on.isoformat(),
                "endDate": (
                    on + timedelta(days=int(midnight if end == "00:00" else end < start))
                ).isoformat(),
                "soldOut": False,
            }
            for at, on in enumerate(days)
        ]

    def _content(
        self, dice: Dice, number: int, type_number: int, version: int, happened: set[str], week: int | None
    ) -> Row:
        names = [people.artist_name(self._world.seed, artist) for artist in self._cast(number)]
        kind, _, _ = words.TYPES[type_number - 1]
        title = dice.pick(words.TITLES[kind]).format(
            a=names[0],
            b=names[1] if len(names) > 1 else "première partie",
            n=dice.between(2, 40),
            album=dice.pick(words.ALBUMS),
            year=(FIRST_MONDAY + timedelta(weeks=number // self._stride)).year,
        )
        title = f"[COMPLET] {title}" if "told full" in happened else title
        title = f"{title} /ANNULÉ/" if "told off" in happened else title
        lines = [f"{name.upper()}\r\n({dice.pick(words.PLACES)})" for name in names[:3]]
        lines += dice.sample(words.PARAGRAPHS, dice.between(1, 4))
        lines += [words.NOTE] if "revised" in happened else []
        content: Row = {
            "id": _FIRST_ID + number + _CONTENT,
            "version": version + number % 3,
            "title": title,
            **people.links(
                website=f"https://agenda.{people.address(names[0])}.example/{number}"
                if dice.chance(0.2)
                else None,
                facebookFanPage=f"https://fb.me/e/exemple{number}" if dice.chance(0.8) else None,
                youTubeChannel=f"https://www.youtube.com/watch?v=soir{number}" if dice.chance(0.05) else None,
            ),
            "partOfEventGroup": week is not None,
            "eventGroup": None if week is None else people.festival(self._world.seed, week, self._base),
            "description": "\r\n\r\n".join(lines),
            "punchline": dice.pick(words.PUNCHLINES),
            "lineUp": ",".join(names),
            **people.picture(
                dice, self._base, "event", dice.pick(words.CREDITS) if dice.chance(0.1) else None
            ),
            "eventType": people.kind(type_number),
            "eventStyle": people.style(dice.pick(people.styles_of(type_number))),
        }
        return {name: value for name, value in content.items() if value is not None}

    def _appearances(self, number: int) -> list[Row]:
        cast = self._cast(number)
        rows = [
            people.appearance(
                self._world.seed,
                artist,
                self._base,
                _FIRST_APPEARANCE + number * _APPEARANCES + at,
                at,
                "HEADLINE" if at < 2 else "SUPPORT",
            )
            for at, artist in enumerate(cast)
        ]
        return rows[::-1] if number % 3 == 0 else rows

    def _tickets(self, dice: Dice, number: int) -> Row:
        low = dice.between(6, 40)
        prices: list[Row] = [
            {"label": label, "price": dice.pick((f"{low + at * 3}", f"{low + at * 3}.50")), "currency": "EUR"}
            for at, label in enumerate(dice.sample(words.PRICES, dice.pick((1, 1, 1, 2, 3))))
        ]
        stores: list[Row] = [
            {"label": label, "url": f"https://billets.{people.address(label)}.example/e/{number}"}
            for label in dice.sample(words.STORES, dice.pick((0, 1, 1, 1, 2)))
        ]
        return {"eventPrice": prices, "ticketStore": stores}


def _changes(dice: Dice, published: int, first: int) -> list[_Change]:
    """What happens to an entry, in order of time; each between its publication and its first showing."""
    chances = (
        *(("revised", 0.25), ("soldout", 0.15), ("told full", 0.03), ("told off", 0.02)),
        *(("cancelled", 0.03), ("unpublished", 0.03)),
    )
    length = max(1, first - published)
    throws = [(what, dice.chance(share), dice.below(length)) for what, share in chances]
    return sorted(
        (_Change(published + when, what) for what, happens, when in throws if happens), key=lambda c: c.at
    )


def _schedule(identity: int, version: int, showings: list[Row]) -> Row:
    """The whole run (contract, section 5.3); its showings come in no particular order."""
    return {
        "id": identity,
        "version": version,
        "startDate": showings[0]["date"],
        "endDate": max(str(showing["date"]) for showing in showings),
        "repeating": False,
        "repeatingType": None,
        "repeatingInterval": None,
        "repeatingDaysOfWeek": None,
        "eventScheduleDate": sorted(showings, key=lambda showing: int(str(showing["id"])) % 7),
    }


def _is_festive(week: int, index: int) -> bool:
    return people.festival_week(week) and index % 5 == 1
