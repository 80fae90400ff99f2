"""Invented rows to search in: events with five showings each over three years, in words as frequent as words are.

Every row follows from a seed, so that two databases hold the same.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

SHOWINGS_AN_EVENT = 5
FIRST_DAY = date(2025, 6, 1)
DAYS = 1000
MIDDLE_DAY = FIRST_DAY + timedelta(days=DAYS // 2)
CITIES = (
    *(
        "Stockholm",
        "Göteborg",
        "Malmö",
        "Uppsala",
        "Lund",
        "Umeå",
        "Paris",
        "Genève",
        "Lyon",
        "Berlin",
        "Köln",
    ),
    *(f"Stad{number}" for number in range(60)),
)
_SYLLABLES = tuple(f"{one}{other}" for one in "bdfghjklmnprstv" for other in "aeiouyåäö")
_KINDS = ("screening", "concert", "stage", "talk", "party", "other")
_AVAILABILITY = ("available", "available", "available", "few", "soldout", "unknown")


class Words:
    """Sixty thousand words, the first ones frequent and the last ones hardly ever said."""

    def __init__(self, number: int = 60_000) -> None:
        dice = random.Random(7)
        made = ("".join(dice.choices(_SYLLABLES, k=dice.randint(2, 5))) for _ in range(number))
        self.all = list(dict.fromkeys(made))
        self.sums = list(accumulate(1 / (place + 3) for place in range(len(self.all))))

    def some(self, dice: random.Random, number: int) -> str:
        """So many words in a row."""
        return " ".join(self.all[bisect(self.sums, dice.random() * self.sums[-1])] for _ in range(number))


def _listing(number: int, at: datetime) -> dict[str, Any]:
    return {
        "provider": ("sff", "kulturbiljetter", "sowprog", "happenstand")[number % 4],
        "external_id": str(number),
        "fingerprint": f"{number:032x}",
        "first_seen_at": at,
        "updated_at": at,
    }


def fill(showings: int) -> None:
    """Make the rows, in batches that every database takes."""
    from aggregator.models import Category, Credit, Event, Festival, Showing, Venue

    at, dice, words = datetime(2026, 1, 1, tzinfo=UTC), random.Random(1), Words()
    venues = [
        Venue(
            name=words.some(dice, 2).title(),
            city=CITIES[min(int(dice.paretovariate(0.7)) - 1, 70)],
            country="SE",
        )
        for _ in range(max(50, showings // 200))
    ]
    for number, venue in enumerate(venues):
        venue.latitude, venue.longitude = 55 + dice.random() * 10, 12 + dice.random() * 8
        venue.coordinates = "exact"
        vars(venue).update(_listing(number, at))
    Venue.objects.bulk_create(venues, batch_size=1000)
    festivals = [
        Festival(name=f"Festival {n}", zone="Europe/Stockholm", **_listing(n, at)) for n in range(40)
    ]
    Festival.objects.bulk_create(festivals)
    categories = [Category(scheme="type", names={"sv": f"Sort {n}"}, **_listing(n, at)) for n in range(30)]
    Category.objects.bulk_create(categories)
    for first in range(0, showings // SHOWINGS_AN_EVENT, 1000):
        numbers = range(first, min(first + 1000, showings // SHOWINGS_AN_EVENT))
        events = [_event(number, dice, words, at, festivals) for number in numbers]
        Event.objects.bulk_create(events, batch_size=500)
        Credit.objects.bulk_create(
            [
                Credit(event=event, position=place, role="performer", name=words.some(dice, 2).title())
                for event in events
                for place in range(3)
            ],
            batch_size=1000,
        )
        through: Any = Event.categories.through
        through.objects.bulk_create(
            [through(event_id=event.pk, category_id=categories[event.pk % 30].pk) for event in events]
        )
        rows = [row for event in events for row in _showings(event, dice, at, venues)]
        Showing.objects.bulk_create(rows, batch_size=1000)


def _event(number: int, dice: random.Random, words: Words, at: datetime, festivals: list[Any]) -> Any:
    from aggregator.models import Event

    return Event(
        event_kind=_KINDS[number % 6],
        titles={"sv": words.some(dice, 3).capitalize()},
        descriptions={"sv": f"<p>{words.some(dice, 40)}</p>"},
        festival=festivals[number % 40] if number % 3 == 0 else None,
        is_free=number % 9 == 0,
        **_listing(number, at),
    )


def _showings(event: Any, dice: random.Random, at: datetime, venues: list[Any]) -> Iterator[Any]:
    from aggregator.models import Showing

    for place in range(SHOWINGS_AN_EVENT):
        number = int(event.external_id) * SHOWINGS_AN_EVENT + place
        day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
        is_run = number % 50 == 0
        start = datetime(
            day.year, day.month, day.day, dice.randrange(8, 22), 15 * dice.randrange(4), tzinfo=UTC
        )
        yield Showing(
            event=event,
            venue=dice.choice(venues),
            zone="Europe/Stockholm",
            starts_at=start,
            local_start_date=day,
            local_end_date=day + timedelta(days=dice.randrange(5, 120)) if is_run else day,
            precision="run" if is_run else "exact",
            showing_kind=event.event_kind,
            availability=dice.choice(_AVAILABILITY),
            **_listing(number, at),
        )
