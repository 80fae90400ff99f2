"""The documents of the ticket shop: an event's details in both versions, and its ETag."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5

from providers.kulturbiljetter.simulator.agenda import Happening, Showing
from providers.kulturbiljetter.simulator.edits import Edited, location_id
from providers.simulation.documents import (
    OUT_OF_RANGE,
    Row,
    Shape,
    with_bad_bytes,
    with_bad_text,
    with_unknown_fields,
    without_required,
)
from providers.simulation.world import World
from providers.simulation.world.sales import sales
from providers.simulation.world.towns import hall

DETAIL = Shape(required="title", number="unixtime_release", stamp="unixtime_release", text="title")
NOTE = "<p><strong>OBS!</strong> Insl&auml;ppet har flyttats fram en halvtimme.</p>"

SWITCHES: dict[str, tuple[str, ...]] = {
    "bad_key": ("401", "403"),
    "v3_locations": ("id", "index"),
    "empty_list": ("object", "array"),
    "empty_collections": ("null", "object", "array"),
    "nulls": ("some", "all"),
    "escapes": ("php", "raw"),
    "unquoted_etag": ("refuse", "accept"),
    "weak_etag": ("off", "on"),
    "slashless_list": ("answer", "redirect"),
}

_CACHED = 200_000


def slug(text: str) -> str:
    """A title as it stands in a link."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    return "-".join(words) or "evenemang"


def encoded(value: object, escapes: str = "php") -> bytes:
    """JSON as the server's language writes it, or with plain letters."""
    if escapes == "raw":
        return with_bad_bytes(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
    return with_bad_bytes(json.dumps(value, separators=(",", ":")).replace("/", "\\/"))


def keyed(values: list[object]) -> dict[str, object]:
    """A list as this API writes it: an object with running keys."""
    return {str(at): value for at, value in enumerate(values)}


@dataclass(frozen=True)
class Writer:
    """Makes documents. `base` is where the shop's own pages and pictures are served."""

    world: World
    edited: Edited
    base: str
    switch: Callable[[str], str]
    etags: dict[tuple[object, ...], str]

    def etag(self, happening: Happening, version: int) -> str:
        """The event's ETag: a hash over its details without the seats. Kept: the list needs them all."""
        settings = tuple(self.switch(name) for name in ("v3_locations", "empty_collections", "nulls"))
        state = (len(happening.showings), happening.revised, self.edited.revision, settings)
        key = (happening.event_id, version, *state)
        known = self.etags.get(key)
        if known is None:
            if len(self.etags) >= _CACHED:
                self.etags.clear()
            document = self.detail(happening, version, seats=False)
            known = md5(encoded(document), usedforsecurity=False).hexdigest()
            self.etags[key] = known
        return known

    def detail(self, happening: Happening, version: int, seats: bool = True) -> Row:
        """The details of an event; without `seats` only what the ETag stands for."""
        evening, organiser = happening.evening, happening.organiser
        name, every_null = slug(evening.title), self.switch("nulls") == "all"
        checkout = f"{self.base}/varukorg/{happening.event_id}"
        document: Row = {
            "title": evening.title,
            "presentation_short": evening.short,
            "presentation_long": evening.long + (NOTE if happening.revised else ""),
            "unixtime_release": happening.release,
        }
        if version == 3:
            low, high = happening.price or (None, None)
            document["price_min"] = None if low is None else f"{low}.00"
            document["price_max"] = None if high is None else f"{high}.00"
        logo = f"{self.base}/storage/{organiser.number:020x}-thumb.jpg"
        images: list[object] = [f"{self.base}/storage/{image}-ep.jpg" for image in happening.images]
        document |= {
            "organizer": {
                "organizer_id": 2_000 + organiser.number,
                "name": organiser.name,
                "logo": logo if organiser.has_logo and not every_null else None,
            },
            "images": self._collection([] if every_null else images),
            "trailers": self._collection([] if every_null else list(happening.trailers)),
            "dates": keyed(
                [self._date(happening, showing, f"{checkout}/{showing.date_id}/{name}/", seats)
                 for showing in happening.showings]
            ),
            "locations": self._locations(happening, version, every_null),
            "url_checkout": f"{checkout}/{name}/",
            "url_event_page": f"{self.base}/evenemang/{happening.event_id}/{name}/",
            "url_organizer_serp": f"{self.base}/arrangör/{2_000 + organiser.number}/{slug(organiser.name)}/",
        }  # fmt: skip
        how = self.edited.broken.get(happening.event_id)
        return document if how is None else BREAK[how](document)

    def _collection(self, values: list[object]) -> object:
        if values:
            return keyed(values)
        return {"null": None, "object": {}, "array": []}[self.switch("empty_collections")]

    def _date(self, happening: Happening, showing: Showing, checkout: str, seats: bool) -> Row:
        row: Row = {
            "date_id": showing.date_id,
            "location_id": location_id(showing),
            "unixtime_open": None if self.switch("nulls") == "all" else showing.opens,
            "unixtime_start": showing.start,
        }
        if seats:
            row |= self._seats(happening, showing)
        return row | {"date_only": showing.date_only, "url_checkout": checkout}

    def _seats(self, happening: Happening, showing: Showing) -> Row:
        amount = hall(self.world.seed, showing.hall).seats
        dice = self.world.dice("seats", *showing.dice_key)
        sold = sales(dice, self.world.instant(), happening.release, showing.start)
        available = self.edited.seats.get((happening.event_id, showing.date_id))
        if available is None:
            if self.switch("nulls") == "all" or dice.chance(0.015):
                return {"ticket_amount": None, "ticket_available": None}
            available = amount - round(amount * sold.share)
        return {"ticket_amount": amount, "ticket_available": available}

    def _locations(self, happening: Happening, version: int, every_null: bool) -> Row:
        places: dict[int, Row] = {}
        for showing in happening.showings:
            place = hall(self.world.seed, showing.hall)
            texts = {
                "name": place.name,
                "street": place.street,
                "vicinity": place.vicinity,
                "city": place.city,
            }
            if every_null:
                texts = dict.fromkeys(texts)
            places[location_id(showing)] = {"location_id": location_id(showing), **texts}
        if version == 3 and self.switch("v3_locations") == "id":
            return {str(number): place for number, place in places.items()}
        return keyed(list(places.values()))


def _with_dates(document: Row, stamp: object) -> Row:
    dates = document["dates"]
    changed = (
        {key: {**date, "unixtime_start": stamp} for key, date in dates.items()}
        if isinstance(dates, dict)
        else {}
    )
    return {**document, "dates": changed}


def _wrong_types(document: Row) -> Row:
    return {**_with_dates(document, {"unexpected": ["object"]}), DETAIL.text: [1, 2, 3]}


BREAK: dict[str, Callable[[Row], Row]] = {
    "wrong_type": _wrong_types,
    "missing_field": lambda document: without_required(document, DETAIL),
}

SPOIL: dict[str, Callable[[Row], Row]] = {
    "wrong_types": _wrong_types,
    "missing_field": lambda document: without_required(document, DETAIL),
    "invalid_utf8": lambda document: with_bad_text(document, DETAIL),
    "bad_timestamps": lambda document: _with_dates(document, OUT_OF_RANGE),
    "unknown_fields": with_unknown_fields,
}
"""The document faults of an event's details."""
