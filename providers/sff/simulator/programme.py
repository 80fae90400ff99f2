"""The invented festivals: one begins every third week, for ever, and each row follows from its number.

Nothing is stored, so a list of fifty thousand events costs no memory. Events of an edition are numbered in
order of time; which film an event shows follows from a rearrangement of those numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from providers.simulation.world import World
from providers.simulation.world import film_words as words
from providers.simulation.world.calendar import stamp
from providers.simulation.world.dice import Dice, Shuffle
from providers.simulation.world.films import Film, Title, film, title

FIRST_EDITION = date(2018, 1, 3)
DAYS = 21
_FIRST_ID = 100

# How many events each of eight films has, in turn: one to four (Q15).
_SHOWINGS = (3, 2, 1, 4, 2, 3, 2, 1)
_ROUND = sum(_SHOWINGS)
_OFFSETS = tuple(sum(_SHOWINGS[:at]) for at in range(len(_SHOWINGS)))
_OWNER = tuple(at for at, count in enumerate(_SHOWINGS) for _ in range(count))

# Of which editions, counted from the current one, the listing holds every how-manieth film.
LISTED = ((-52, 36), (-35, 24), (-17, 12), (0, 1), (1, 5))
_BULK = 0.75


@dataclass(frozen=True)
class Edition:
    """One festival. `size` counts its events when it is current, its `specials` (no films) too."""

    number: int
    size: int
    specials: int
    keep: int
    shuffle: Shuffle

    @property
    def festival_id(self) -> int:
        return _FIRST_ID + self.number

    @cached_property
    def begin(self) -> date:
        return FIRST_EDITION + timedelta(days=DAYS * self.number)

    @property
    def end(self) -> date:
        return self.begin + timedelta(days=DAYS - 1)

    @property
    def films(self) -> int:
        """How many films it shows."""
        full, rest = divmod(self.size - 1 - self.specials, _ROUND)
        return full * len(_SHOWINGS) + (_OWNER[rest - 1] + 1 if rest else 0)

    @cached_property
    def sale_begin(self) -> int:
        """When tickets go on sale: noon, two weeks before."""
        return stamp(self.begin - timedelta(days=14), 720)

    def film_of(self, index: int) -> int | None:
        """Which film (from 0) the event shows; None for a party or seminar. Event 0 comes before the rest."""
        if index == 0:
            return 0
        position = self.shuffle.forth(index - 1)
        if position >= self.size - 1 - self.specials:
            return None
        full, rest = divmod(position, _ROUND)
        return full * len(_SHOWINGS) + _OWNER[rest]

    def special_of(self, index: int) -> int:
        """Which party or seminar (from 0) the event is, when it shows no film."""
        return self.shuffle.forth(index - 1) - (self.size - 1 - self.specials)

    def events_of(self, film_index: int) -> list[int]:
        """The numbers of a film's events, in order of time."""
        full, member = divmod(film_index, len(_SHOWINGS))
        start = full * _ROUND + _OFFSETS[member]
        stop = min(start + _SHOWINGS[member], self.size - 1 - self.specials)
        found = sorted(self.shuffle.back(position) + 1 for position in range(start, stop))
        return [0, *found] if film_index == 0 else found

    def lists(self, film_index: int) -> bool:
        """Whether the listing holds the film (all for the current edition, a few for others)."""
        return film_index % self.keep == 0

    def day_of(self, index: int) -> int:
        """The programme day, from 0, of an event other than the first."""
        return index * DAYS // self.size

    def first_of(self, day: int) -> int:
        """The number of the first event of a programme day."""
        return max(1, -(-day * self.size // DAYS))


class Calendar:
    """Which editions there are at the present of the world, and the films in them."""

    def __init__(self, world: World, scale: int) -> None:
        self.world = world
        self.size = max(8, round(scale * _BULK))
        self.stride: int = 10 ** len(str(self.size))

    def current(self) -> int:
        """The number of the edition that is on."""
        days: int = (self.world.day() - FIRST_EDITION).days
        return days // DAYS

    def edition(self, number: int, keep: int) -> Edition:
        """An edition as the listing has it."""
        shuffle = Shuffle(self.size - 1, self.world.seed, number)
        return Edition(number, self.size, max(2, self.size // 50), keep, shuffle)

    def listed(self) -> list[Edition]:
        """The editions that the API shows, oldest first."""
        current = self.current()
        return [self.edition(current + step, keep) for step, keep in LISTED if current + step >= 0]

    def by_festival(self, festival_id: int) -> Edition | None:
        """The edition with this id, None where it is not shown."""
        return next((edition for edition in self.listed() if edition.festival_id == festival_id), None)

    def split(self, identity: int) -> tuple[Edition, int] | None:
        """The edition and the number within it that an event or film id is made of."""
        number, index = divmod(identity, self.stride)
        edition = next((edition for edition in self.listed() if edition.number == number), None)
        return None if edition is None else (edition, index)

    def title(self, edition: Edition, film_index: int) -> Title:
        """A film's name, without making the whole film."""
        return _title(self.world.seed, edition.number, film_index)

    def film(self, edition: Edition, film_index: int) -> Film:
        """A whole film."""
        dice = Dice(self.world.seed, "film", edition.number, film_index)
        return film(dice, edition.begin.year, _whole(edition.number, film_index))

    def film_listed(self, edition: Edition) -> Iterator[int]:
        """The films of the edition that the listing holds."""
        return (index for index in range(edition.films) if edition.lists(index))


@lru_cache(maxsize=16_384)
def _title(seed: int, edition: int, film_index: int) -> Title:
    return title(Dice(seed, "film", edition, film_index), _whole(edition, film_index))


def _whole(edition: int, film_index: int) -> int | None:
    """Which ready-made title a film has: one in six of the first films, for small programmes to be odd."""
    return film_index // 6 + edition if film_index % 6 == 3 and film_index < 96 else None


def name_of(edition: Edition) -> str:
    """A festival's name. Several editions fall in one year, so each has a word of its own."""
    word = words.EDITIONS[edition.begin.timetuple().tm_yday // DAYS % len(words.EDITIONS)]
    return f"Stockholm Film Festival {edition.begin.year} – {word}"
