"""Events, places and people as the API sends them: what both formats are written from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from providers.happenstand.simulator import words
from providers.happenstand.simulator.catalogue import (
    FIRST_PERSON,
    FIRST_PLACE,
    Happening,
    Place,
    Special,
    person_name,
    place,
)
from providers.simulation.world import World
from providers.simulation.world.dice import Dice

Item = dict[str, Any]

LOCALE = "1"
_EXCERPT = 150
_NO_IMAGE: dict[str, Any] = {"null": None, "text": "", "list": [], "object": {}}
_JOINERS = {"comma": ", ", "and": " and ", "slash": " / "}
_OF_KIND = {
    "opening": words.OPENINGS,
    "talk": words.TALKS,
    "party": words.PARTIES,
    "other": words.OTHERS,
}


def slug(text: str) -> str:
    """A name as it stands in an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "untitled"


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Writer:
    """Makes items. `base` is where the site's own pages and pictures are served."""

    world: World
    base: str
    switch: Callable[[str], str]

    def name(self, happening: Happening) -> str:
        """What the event is called."""
        if happening.name:
            return happening.name
        dice = self.world.dice("happenstand name", happening.event_id)
        if happening.odd in range(len(words.ODD_NAMES)) and happening.odd != 3:
            pattern = words.ODD_NAMES[happening.odd]
        elif happening.odd == 9:
            pattern = words.ODD_NAMES[3]
        else:
            run = happening.all_day and (happening.end - happening.start).days > 1
            pattern = dice.pick(words.EXHIBITIONS if run else words.EVENINGS)
        return self._filled(pattern, dice, happening)

    def description(self, happening: Happening) -> str:
        """The full text, with CRLF."""
        dice = self.world.dice("happenstand text", happening.event_id)
        parts = [
            self._filled(text, dice, happening, in_text=True)
            for text in dice.sample(words.PARAGRAPHS, dice.between(0, 3))
        ]
        if happening.odd == 5:
            parts.append(
                "On the wall somebody has painted “]]>” & an arrow: a joke for programmers — perhaps."
            )
        opening = next((special for special in happening.specials if special.kind == "opening"), None)
        if opening is not None:
            start, end = opening.start, opening.end
            parts.insert(
                0, f"Opening reception: {start:%B} {start.day}, {start.hour - 12}-{end.hour - 12} PM."
            )
        return "\r\n\r\n".join(parts).replace("  \n", "  \r\n")

    def _filled(self, text: str, dice: Dice, happening: Happening, *, in_text: bool = False) -> str:
        seed = self.world.seed
        first, second = dice.pick(words.NOUNS), dice.pick(words.NOUNS)
        values = {
            "a": dice.pick(words.ADJECTIVES),
            "b": dice.pick(words.ADJECTIVES),
            "n": first.lower() if in_text else first,
            "m": second.lower() if in_text else second,
            "count": str(dice.between(7, 99)),
            "person": person_name(seed, happening.people[0]),
            "place": place(seed, happening.places[0]).name,
        }
        values["title"] = self.name(happening) if "{title}" in text else ""
        return text.format(**values)

    def _url(self, kind: str, number: int, name: str) -> str:
        return f"{self.base}/sanfrancisco/{kind}/{number}-{slug(name)}"

    def _times(self, happening: Happening | Special, *, all_day: bool) -> Item:
        return {
            "start": _stamp(happening.start),
            "end": _stamp(happening.end),
            "all_day": _flag(all_day),
        }

    def summary(self, happening: Happening, **extra: str) -> Item:
        """The event as lists show it; `extra` (distance, score) stands behind the address."""
        name = self.name(happening)
        joiner = _JOINERS[self.switch("names_joiner")]
        seed = self.world.seed
        item: Item = {
            "id": str(happening.event_id),
            "name": name,
            **self._times(happening, all_day=happening.all_day),
            "is_pickpocket": _flag(happening.pickpocket),
            "is_ap_pick": _flag(happening.ap_pick),
            "excerpt": excerpt(self.description(happening)),
            "people": joiner.join(person_name(seed, number) for number in happening.people),
            "places": joiner.join(place(seed, number).name for number in happening.places),
            "url": self._url("events", happening.event_id, name),
            **extra,
        }
        if happening.pictures:
            item["image"] = self._image(happening, 0)
        elif self.switch("image_none") in _NO_IMAGE:
            item["image"] = _NO_IMAGE[self.switch("image_none")]
        return item

    def detail(self, happening: Happening) -> Item:
        """The event with everything."""
        name, seed = self.name(happening), self.world.seed
        return {
            "id": str(happening.event_id),
            "name": name,
            **self._times(happening, all_day=happening.all_day),
            "description": self.description(happening),
            "loc": LOCALE,
            "is_pickpocket": _flag(happening.pickpocket),
            "is_ap_pick": _flag(happening.ap_pick),
            "people": [
                {
                    "id": str(FIRST_PERSON + number),
                    "name": person_name(seed, number),
                    "is_featured": _flag(at == 0),
                }
                for at, number in enumerate(happening.people)
            ],
            "places": [
                {"id": str(FIRST_PLACE + number), "name": place(seed, number).name}
                for number in happening.places
            ],
            "special_events": [self._special(happening, special) for special in happening.specials],
            "url": self._url("events", happening.event_id, name),
            "images": [self._image(happening, at) for at in range(happening.pictures)],
        }

    def _special(self, happening: Happening, special: Special) -> Item:
        dice = self.world.dice("happenstand special", special.special_id, special.kind)
        return {
            "id": str(special.special_id),
            "name": dice.pick(_OF_KIND[special.kind]),
            **self._times(special, all_day=False),
            "is_pickpocket": _flag(special.kind == "talk" and dice.chance(0.3)),
            "is_ap_pick": _flag(happening.ap_pick and special.kind == "opening"),
        }

    def _image(self, happening: Happening, at: int) -> Item:
        dice = self.world.dice("happenstand picture", happening.event_id, at)
        uploaded = int(happening.start.replace(tzinfo=UTC).timestamp()) - 1_000_000 + 97 * at
        artist = person_name(self.world.seed, happening.people[0])
        title = f"{dice.pick(words.ADJECTIVES)} {dice.pick(words.NOUNS)}"
        caption = f"{artist}, {title} (detail), {dice.pick(words.MEDIA)}, {happening.start.year - 1}"
        return {
            "dir": f"{self.base}/images/upload/0/{happening.event_id}/",
            "id": str(uploaded),
            "ext": "jpg",
            "caption": "" if at == 2 else caption,
        }

    def place_row(self, venue: Place, events: Iterable[Happening], **extra: str) -> Item:
        """The place as lists show it, with summaries of its current events."""
        return {
            "id": str(FIRST_PLACE + venue.number),
            "name": venue.name,
            "address": venue.address,
            "city": venue.city,
            "state": venue.state,
            "zip": venue.zip_code,
            "url": self._url("places", FIRST_PLACE + venue.number, venue.name),
            **extra,
            "events": [self.summary(happening) for happening in events],
        }

    def place_detail(self, venue: Place, events: Iterable[Happening]) -> Item:
        """The place with everything."""
        dice = self.world.dice("happenstand about place", venue.number)
        row = self.place_row(venue, events)
        host = slug(venue.name).replace("-", "")
        about = f"{dice.pick(words.ABOUT_PLACES)}\r\n{dice.pick(words.HOURS)}"
        return {
            **{name: row[name] for name in ("id", "name")},
            "loc": LOCALE,
            **{name: row[name] for name in ("address", "city", "state", "zip")},
            "lat": str(venue.latitude),
            "lng": str(venue.longitude),
            "phone": f"(415) 555-01{venue.number % 100:02d}" if dice.chance(0.8) else "",
            "website": f"http://{host}.example.org/" if dice.chance(0.7) else "",
            "description": about if dice.chance(0.9) else "",
            "url": row["url"],
            "events": row["events"],
            "images": [],
        }

    def person_row(self, number: int, **extra: str) -> Item:
        """The person as lists show it."""
        name = person_name(self.world.seed, number)
        identity = FIRST_PERSON + number
        return {"id": str(identity), "name": name, "url": self._url("people", identity, name), **extra}

    def person_detail(self, number: int, events: Iterable[Happening], now: datetime) -> Item:
        """The person with past and future events; what is running counts as future."""
        dice = self.world.dice("happenstand about person", number)
        row = self.person_row(number)
        values = {"a": dice.pick(words.ADJECTIVES), "b": dice.pick(words.ADJECTIVES)}
        values |= {"n": dice.pick(words.NOUNS), "m": dice.pick(words.NOUNS), "name": row["name"]}
        about = dice.pick(words.ABOUT_PEOPLE).format(city=dice.pick(words.CITIES)[0], **values)
        site = f"http://{slug(row['name'])}.example.org/" if dice.chance(0.4) else ""
        item = {"id": row["id"], "name": row["name"], "description": about.replace("\n", "\r\n")}
        item |= {"website": site, "url": row["url"]}
        shown = list(events)
        if self.switch("person_events") == "one_list":
            return item | {"events": [self.summary(one) for one in shown], "images": []}
        past = [self.summary(one) for one in shown if one.end <= now]
        future = [self.summary(one) for one in shown if one.end > now]
        return item | {"past_events": past, "future_events": future, "images": []}


def excerpt(text: str) -> str:
    """The text in one line, cut at the end of a word before 150 characters, then a blank and three dots."""
    line = " ".join(text.split())
    if len(line) <= _EXCERPT:
        return line
    return f"{line[: _EXCERPT + 1].rpartition(' ')[0]} ..."
