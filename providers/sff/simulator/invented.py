"""The invented festivals as the API shows them: rows of every kind, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Protocol

from providers.sff.simulator.events import Events
from providers.sff.simulator.programme import Calendar, Edition, name_of
from providers.simulation.documents import Row
from providers.simulation.world import World
from providers.simulation.world import film_words as words
from providers.simulation.world.calendar import DAY, stamp
from providers.simulation.world.cinemas import Screen
from providers.simulation.world.dice import Dice
from providers.simulation.world.films import Film


class Programme(Protocol):
    """What the routes ask: rows of text values, empty where nothing is known under an id."""

    def festivals(self) -> Iterable[Row]: ...

    def sections(self, festival_id: str) -> Iterable[Row]: ...

    def venues(self) -> Iterable[Row]: ...

    def events(self, festival_id: str) -> Iterable[Row]: ...

    def events_of_day(self, day: date) -> Iterable[Row]: ...

    def changed_events(self, festival_id: str) -> Iterable[Row]: ...

    def event(self, event_id: str) -> Row | None: ...

    def films(self, festival_id: str) -> Iterable[Row]: ...

    def film(self, film_id: str) -> Row | None: ...

    def events_of_film(self, film_id: str) -> list[Row]: ...


def _id(text: str) -> int:
    """An id as a number; -1 (nobody's) for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


class Invented:
    """The programme of the invented world."""

    def __init__(self, world: World, scale: int, base_url: str) -> None:
        self._calendar = Calendar(world, scale)
        self._site = f"{base_url}/sff-site"
        self._images = f"{base_url}/sff/imagecache/[IMAGESIZE]/fileadmin/images/film_images"
        self._events = Events(self._calendar, f"{self._site}/webapi/?action=add&type=ticket&id=")

    def festivals(self) -> Iterator[Row]:
        current = self._calendar.current()
        for edition in self._calendar.listed():
            yield {
                "festivalId": str(edition.festival_id),
                "festivalName": name_of(edition),
                "festivalBegin": str(stamp(edition.begin)),
                "festivalEnd": str(stamp(edition.end)),
                "festivalIsCurrent": "1" if edition.number == current else "0",
                "festivalTicketSaleBegin": str(edition.sale_begin),
            }

    def sections(self, festival_id: str) -> Iterator[Row]:
        if self._calendar.by_festival(_id(festival_id)) is None:
            return
        for number, (name, swedish, english) in enumerate(words.SECTIONS, start=1):
            yield {
                "sectionId": str(number),
                "sectionName": name,
                "festivalSectionDescription_sv": swedish,
                "festivalSectionDescription_en": english,
            }

    def venues(self) -> Iterator[Row]:
        return (_venue(screen, self._site) for screen in self._events.screens)

    def events(self, festival_id: str) -> Iterator[Row]:
        edition = self._calendar.by_festival(_id(festival_id))
        return iter(()) if edition is None else self._events.rows(edition)

    def events_of_day(self, day: date) -> Iterator[Row]:
        for edition in self._calendar.listed():
            if edition.begin - timedelta(days=30) <= day <= edition.end + timedelta(days=1):
                yield from self._events.rows_of_day(edition, day)

    def changed_events(self, festival_id: str) -> Iterator[Row]:
        edition = self._calendar.by_festival(_id(festival_id))
        return iter(()) if edition is None else self._events.changed_rows(edition)

    def event(self, event_id: str) -> Row | None:
        found = self._calendar.split(_id(event_id))
        if found is None or found[1] >= found[0].size:
            return None
        edition, index = found
        row = self._events.row(edition, index)
        if row is None:
            return None
        if row["filmId"] is None:
            return {
                **row,
                "eventDescription_sv": "Välkommen! Fri entré med festivalpass, i mån av plats.",
                "eventDescription_en": "Welcome! Free with a festival pass, first come, first served.",
            }
        film_index = edition.film_of(index) or 0
        number = film_index % len(words.SECTIONS)
        return {**row, "sectionId": str(number + 1), "sectionName": words.SECTIONS[number][0]}

    def films(self, festival_id: str) -> Iterator[Row]:
        edition = self._calendar.by_festival(_id(festival_id))
        if edition is not None:
            for index in self._calendar.film_listed(edition):
                yield self._short(edition, index, self._calendar.film(edition, index))

    def film(self, film_id: str) -> Row | None:
        found = self._calendar.split(_id(film_id) - 1)
        if found is None or found[1] >= found[0].films or not found[0].lists(found[1]):
            return None
        edition, index = found
        film = self._calendar.film(edition, index)
        return self._full(self._short(edition, index, film), film)

    def events_of_film(self, film_id: str) -> list[Row]:
        found = self._calendar.split(_id(film_id) - 1)
        if found is None or found[1] >= found[0].films:
            return []
        return self._events.rows_of_film(*found)

    def _short(self, edition: Edition, index: int, film: Film) -> Row:
        film_id = self._events.film_id(edition, index)
        dice = Dice(self._calendar.world.seed, "film row", edition.number, index)
        section = index % len(words.SECTIONS)
        published = stamp(edition.begin - timedelta(days=35)) + dice.below(5 * DAY)
        if index % 5:
            published = stamp(edition.begin, 60)
        picture = f"{self._images}/{edition.begin.year}/{film_id}"
        return {
            "filmId": str(film_id),
            "filmName": film.title.sv if dice.chance(0.5) else film.title.en,
            "filmName_en": film.title.en,
            "filmDirector": ", ".join(person.name for person in film.directors),
            "sectionId": str(section + 1),
            "sectionName": words.SECTIONS[section][0],
            "filmLength": str(film.length),
            "filmPreviewImage": "" if dice.chance(0.08) else f"{picture}_1.jpg",
            "filmPosterImage": "" if dice.chance(0.08) else f"{picture}_99.jpg",
            "filmModifiedTimestamp": str(published),
        }

    def _full(self, short: Row, film: Film) -> Row:
        page = f"{self._site}/film/{short['filmId']}"
        trailer = f"{page}/trailer.mp4" if film.youtube else ""
        return {
            **short,
            "filmOriginalLanguageName": film.original,
            "filmCast": ", ".join(film.cast),
            "filmScript": film.script,
            "filmProducer": film.producer,
            "filmCinematography": film.photographer,
            "filmMusic": film.composer,
            "filmProductionCompany": film.company,
            "filmProductionYear": str(film.year),
            "filmInternationalRights": film.company if film.length > 60 else "",
            "filmSwedishDistribution": "Norrsken Distribution" if film.length % 3 == 0 else "",
            "filmCountry_sv": ", ".join(country[0] for country in film.countries),
            "filmCountry_en": ", ".join(country[1] for country in film.countries),
            "filmLanguage": film.language,
            "filmDescription_sv": film.synopsis_sv,
            "filmDescription_en": film.synopsis_en,
            "filmSubtitle_sv": "" if film.language == "Swedish" else "Engelsk text",
            "filmSubtitle_en": "" if film.language == "English" else "English subtitles",
            "filmStatus_sv": film.status_sv,
            "filmStatus_en": film.status_en,
            "filmIMDBId": film.imdb,
            "filmYoutubeId": film.youtube,
            "filmIphoneTrailer": trailer,
            "filmMobileTrailer": trailer,
            "filmMobileDownloadTrailer": "",
            "filmOfficialHomesite": "",
            "filmInfoURL": page,
        }


def _venue(screen: Screen, site: str) -> Row:
    return {
        "venueId": str(screen.number),
        "venueName": screen.name,
        "venueCinema": screen.house,
        "venueType_sv": screen.kind_sv,
        "venueType_en": screen.kind_en,
        "venueLat": f"{screen.lat:g}" if not screen.lat else f"{screen.lat:.4f}",
        "venueLon": f"{screen.lon:g}" if not screen.lon else f"{screen.lon:.4f}",
        "venueDescURL": f"{site}/venue/{screen.number}/",
    }
