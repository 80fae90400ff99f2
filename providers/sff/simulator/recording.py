"""A recorded event list as the one current festival; venues and films are told from it.

The file is a CSV of the sixteen event fields, `NA` standing for null; every other value stays the text it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from providers.simulation.documents import Row
from providers.simulation.simulator import Impossible
from providers.simulation.world.calendar import stamp

FESTIVAL_ID = "30"
_SECTION: Row = {
    "sectionId": "1",
    "sectionName": "Programme",
    "festivalSectionDescription_sv": "",
    "festivalSectionDescription_en": "",
}


def read_recording(path: Path) -> list[Row]:
    """The rows of the file in its order. Raises Impossible for a file that is not one of these recordings."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows: list[Row] = [
                {name: None if value == "NA" else value for name, value in row.items()} for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Impossible(f"cannot read the recording {path}: {error}") from None
    needed = {"eventId", "eventDate", "eventTimestamp", "filmId", "venueId", "venueName"}
    if not rows or not needed <= set(rows[0]):
        raise Impossible(
            f"{path} is not a recorded event list (it needs the columns {', '.join(sorted(needed))})"
        )
    return rows


def _days(rows: Iterable[Row]) -> tuple[date, date]:
    """First and last day of the festival proper: the longest run of days without a gap of more than one."""
    days = sorted({date.fromisoformat(str(row["eventDate"])) for row in rows})
    runs = [[days[0]]]
    for day in days[1:]:
        if day - runs[-1][-1] <= timedelta(days=2):
            runs[-1].append(day)
        else:
            runs.append([day])
    longest = max(runs, key=len)
    return longest[0], longest[-1]


class Recorded:
    """The programme of a recording: one festival, id 30."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        self._begin, self._end = _days(rows)
        self._films: dict[str, Row] = {}
        self._venues: dict[str, Row] = {}
        for row in rows:
            if row["filmId"] is not None:
                # Specials bear longer names ("Festival favourite: …"): the shortest is the film's own.
                known = self._films.setdefault(str(row["filmId"]), row)
                if len(str(row["eventName_sv"])) < len(str(known["eventName_sv"])):
                    self._films[str(row["filmId"])] = row
            self._venues.setdefault(str(row["venueId"]), row)

    def festivals(self) -> Iterator[Row]:
        yield {
            "festivalId": FESTIVAL_ID,
            "festivalName": f"Stockholm International Film Festival {self._begin.year}",
            "festivalBegin": str(stamp(self._begin)),
            "festivalEnd": str(stamp(self._end)),
            "festivalIsCurrent": "1",
            "festivalTicketSaleBegin": str(stamp(self._begin - timedelta(days=14), 720)),
        }

    def sections(self, festival_id: str) -> list[Row]:
        return [_SECTION] if festival_id == FESTIVAL_ID else []

    def venues(self) -> Iterator[Row]:
        for venue_id, row in self._venues.items():
            yield {
                "venueId": venue_id,
                "venueName": row["venueName"],
                "venueCinema": "",
                "venueType_sv": "Biograf",
                "venueType_en": "Cinema",
                "venueLat": "0",
                "venueLon": "0",
                "venueDescURL": "",
            }

    def events(self, festival_id: str) -> list[Row]:
        return self._rows if festival_id == FESTIVAL_ID else []

    def events_of_day(self, day: date) -> list[Row]:
        return [row for row in self._rows if row["eventDate"] == day.isoformat()]

    def changed_events(self, festival_id: str) -> list[Row]:
        return []

    def event(self, event_id: str) -> Row | None:
        return next((row for row in self._rows if row["eventId"] == event_id), None)

    def films(self, festival_id: str) -> Iterator[Row]:
        for film_id in self._films if festival_id == FESTIVAL_ID else ():
            yield self._short(film_id)

    def film(self, film_id: str) -> Row | None:
        if film_id not in self._films:
            return None
        return {
            **self._short(film_id),
            "filmDescription_sv": "",
            "filmDescription_en": "",
            "filmYoutubeId": "",
        }

    def events_of_film(self, film_id: str) -> list[Row]:
        return [row for row in self._rows if row["filmId"] == film_id]

    def _short(self, film_id: str) -> Row:
        """What the events say of the film: its name. Who directed it and how long it is, nobody recorded."""
        row = self._films[film_id]
        return {
            "filmId": film_id,
            "filmName": row.get("eventName_sv"),
            "filmName_en": row.get("eventName_en"),
            "filmDirector": "",
            "sectionId": _SECTION["sectionId"],
            "sectionName": _SECTION["sectionName"],
            "filmLength": "",
            "filmPreviewImage": "",
            "filmPosterImage": "",
            "filmModifiedTimestamp": str(stamp(self._begin - timedelta(days=21))),
        }
