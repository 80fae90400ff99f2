"""Rows of invented events: when and where each one is, what it is called and how its tickets sell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from providers.sff.simulator.programme import DAYS, Calendar, Edition
from providers.simulation.documents import Row
from providers.simulation.world import film_words as words
from providers.simulation.world.calendar import DAY, HOUR, stamp, wall_clock
from providers.simulation.world.cinemas import Screen, cinemas_for_films, screens
from providers.simulation.world.dice import Dice
from providers.simulation.world.sales import sales

# Minutes after midnight; evenings come more often, the last may be after midnight of the programme day.
_WORKDAY = (
    *(660, 780, 870, 960, 1020, 1050, 1080, 1080, 1110, 1140, 1170, 1200, 1230, 1260, 1260, 1290, 1320, 1380),
)
_WEEKEND = (
    600,
    690,
    780,
    840,
    900,
    960,
    1020,
    1050,
    1080,
    1140,
    1170,
    1200,
    1230,
    1260,
    1275,
    1320,
    1395,
    1455,
)
_TWIN_DAY = 6
_EARLY_DAYS = 8
_EARLY_NUMBER = 3010


@dataclass(frozen=True)
class Place:
    """When and where one event is, with its programme number. Late additions appear at `listed_from`."""

    start: int
    screen: Screen
    number: int
    listed_from: int | None
    moved: bool


class Events:
    """Everything about events of invented editions."""

    def __init__(self, calendar: Calendar, buy_url: str) -> None:
        self._calendar = calendar
        self._seed = calendar.world.seed
        self._buy_url = buy_url
        self.screens = screens(self._seed, max(20, calendar.size // 100))
        self._cinemas = cinemas_for_films(self.screens)
        self._oddities = [screen for screen in self.screens if screen not in self._cinemas]

    def place(self, edition: Edition, index: int, dice: Dice) -> Place:
        """Where event `index` stands in the programme; `dice` are the event's own."""
        if index == 0:
            day = edition.begin - timedelta(days=_EARLY_DAYS)
            return Place(stamp(day, 18 * 60 + 30), self._cinemas[0], _EARLY_NUMBER, None, False)
        start, screen = self._slot(edition, index)
        day_number = edition.day_of(index)
        first = edition.first_of(day_number)
        running, count = index - first + 1, edition.first_of(day_number + 1) - first
        throw = dice.fraction()
        if throw < 0.02 and day_number:
            # Moved here from an earlier day, with the number it had there.
            return Place(start, screen, _number(dice.below(day_number) + 1, 2 * count + running), None, True)
        if throw < 0.04:
            return Place(start, screen, _number(day_number + 1, count + running), start - 4 * DAY, False)
        return Place(start, screen, _number(day_number + 1, running), None, False)

    def _slot(self, edition: Edition, index: int) -> tuple[int, Screen]:
        day_number = edition.day_of(index)
        first, following = edition.first_of(day_number), edition.first_of(day_number + 1)
        if day_number == _TWIN_DAY and index == first + 2 < following:
            # Two events in one place at one second (Q13).
            index -= 1
        day = edition.begin + timedelta(days=day_number)
        slots = _WEEKEND if day.weekday() >= 5 else _WORKDAY
        at = index - first
        minutes = slots[(2 * at + 1) * len(slots) // (2 * (following - first))]
        if edition.film_of(index) is None:
            return stamp(day, minutes), self._oddities[index % len(self._oddities)]
        return stamp(day, minutes), self._cinemas[(at * 7 + day_number * 3) % len(self._cinemas)]

    def row(self, edition: Edition, index: int) -> Row | None:
        """The sixteen fields of an event; None where the listing does not hold it (yet)."""
        film_index = edition.film_of(index)
        if not edition.lists(edition.special_of(index) if film_index is None else film_index):
            return None
        dice = Dice(self._seed, "event", edition.number, index)
        place = self.place(edition, index, dice)
        now = self._calendar.world.instant()
        if place.listed_from is not None and now < place.listed_from:
            return None
        event_id = edition.number * self._calendar.stride + index
        swedish, english = self._names(edition, index, film_index, dice)
        status, changed = self._tickets(edition, index, place, dice, now)
        buy = f"{self._buy_url}{event_id}" if status in {"available", "few"} else None
        day, time = wall_clock(place.start)
        return {
            "eventId": str(event_id),
            "eventNumber": str(place.number),
            "eventName_sv": swedish,
            "eventName_en": english,
            "eventDate": day,
            "eventTime": time,
            "eventTimestamp": str(place.start),
            "eventHasFaceToFace": "true" if film_index is not None and dice.chance(0.11) else "false",
            "filmId": None if film_index is None else str(self.film_id(edition, film_index)),
            "partyId": self._party_id(edition, index) if film_index is None else None,
            "venueId": str(place.screen.number),
            "venueName": place.screen.name,
            "eventTicketStatus": status,
            "eventBuyURL": buy,
            "eventBuyOneTimeURL": buy,
            "eventModifiedTimestamp": str(changed),
        }

    def _party_id(self, edition: Edition, index: int) -> str:
        return str(edition.number * self._calendar.stride + edition.special_of(index) + 1)

    def film_id(self, edition: Edition, film_index: int) -> int:
        """The id of a film: as with events, edition and number in one."""
        return edition.number * self._calendar.stride + film_index + 1

    def _names(self, edition: Edition, index: int, film_index: int | None, dice: Dice) -> tuple[str, str]:
        throw = dice.fraction()
        if film_index is None:
            special = edition.special_of(index)
            kinds = words.PARTIES if special % 2 == 0 else words.SEMINARS
            name = kinds[special // 2 % len(kinds)]
            return name[0], name[1]
        title = self._calendar.title(edition, film_index)
        if index == 0:
            other = self._calendar.title(edition, 1)
            return f"Smygpremiär: {title.sv}+{other.sv}", f"Sneak Preview: {title.en}+{other.en}"
        if throw < 0.04:
            # Hard spaces at the end (Q5), in one language only now and then.
            return f"{title.sv}\u00a0", title.en if throw < 0.02 else f"{title.en}\u00a0"
        if throw < 0.06:
            # Letter case that differs between the languages (Q6).
            return title.en, title.en.replace("The ", "the ")
        return title.sv, title.en

    def _tickets(
        self, edition: Edition, index: int, place: Place, dice: Dice, now: int
    ) -> tuple[str | None, int]:
        sold = sales(dice, now, edition.sale_begin, place.start)
        published = stamp(edition.begin - timedelta(days=35)) + dice.below(4 * DAY)
        if index and not self._early(edition, index):
            # Rows that the listing gets on the opening day only must show up in a delta (`since`).
            published = stamp(edition.begin, 60) + dice.below(3 * HOUR)
        published = max(published, place.listed_from or 0)
        changed = max(published, sold.changed or 0)
        if index == 0 or dice.chance(0.012) or now < edition.sale_begin:
            return None, published
        if sold.share >= 1:
            return "soldout", changed
        return ("few" if sold.share > 0.9 else "available"), changed

    def _early(self, edition: Edition, index: int) -> bool:
        film_index = edition.film_of(index)
        return film_index is not None and film_index % 5 == 0

    def rows(self, edition: Edition) -> Iterator[Row]:
        """All events of the edition that are shown, in order of start."""
        for index in range(edition.size):
            row = self.row(edition, index)
            if row is not None:
                yield row

    def rows_of_day(self, edition: Edition, day: date) -> Iterator[Row]:
        """The events of a date of the wall clock."""
        wanted = day.isoformat()
        number = (day - edition.begin).days
        for index in (
            0,
            *range(edition.first_of(max(0, number - 1)), edition.first_of(min(DAYS, number + 1))),
        ):
            row = self.row(edition, index) if index < edition.size else None
            if row is not None and row["eventDate"] == wanted:
                yield row

    def rows_of_film(self, edition: Edition, film_index: int) -> list[Row]:
        """The events of one film."""
        rows = (self.row(edition, index) for index in edition.events_of(film_index))
        return [row for row in rows if row is not None]

    def changed_rows(self, edition: Edition) -> Iterator[Row]:
        """The events that were moved or came late, with a word about it."""
        for row in self.rows(edition):
            index = int(str(row["eventId"])) % self._calendar.stride
            place = self.place(edition, index, Dice(self._seed, "event", edition.number, index))
            if place.moved:
                yield {**row, "eventChange_sv": "Ny dag och tid.", "eventChange_en": "New day and time."}
            elif place.listed_from is not None:
                yield {**row, "eventChange_sv": "Extravisning.", "eventChange_en": "Added screening."}


def _number(day: int, running: int) -> int:
    """A programme number: day × 100 + running number, with more digits where a day has more than 99."""
    return day * 100 + running if running < 100 else day * 100_000 + running
