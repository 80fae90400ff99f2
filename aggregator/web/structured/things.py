"""Films, people, places, organisations and festivals in the words of schema.org."""

from collections.abc import Iterable, Sequence
from typing import Any

from aggregator.addresses import absolute, path_of, web_link
from aggregator.models import Event, Festival, Film, Image, Organisation, Person, Section, Venue
from aggregator.vocabulary import CoordinatePrecision, Kind
from aggregator.web.credits import Role
from aggregator.web.illustration import shared_address
from aggregator.web.structured.writing import Thing, filled, plain
from aggregator.web.texts import Text, pick
from aggregator.web.trailers import Trailer

MOST_NAMES = 20


def film(
    row: Film,
    language: str,
    credits: Sequence[Role] = (),
    clips: Sequence[Trailer] = (),
    image: Image | None = None,
) -> Thing:
    """A film; its credits, clips and picture where they are given."""
    address = absolute(path_of(Kind.FILM, row.pk, row.titles))
    title = pick(row.titles, language).value or row.original_title
    imdb = f"https://www.imdb.com/title/{row.imdb_id}/" if row.imdb_id.startswith("tt") else ""
    return filled(
        {
            "@type": "Movie",
            "@id": address,
            "url": address,
            "name": title,
            "alternateName": row.original_title if row.original_title != title else "",
            "description": plain(pick(row.descriptions, language).value),
            "image": shared_address(image),
            "duration": f"PT{row.length}M" if row.length else "",
            "dateCreated": str(row.year or ""),
            "director": _people(credits, "director"),
            "actor": _people(credits, "cast"),
            "author": _people(credits, "script"),
            "producer": _people(credits, "producer"),
            "musicBy": _people(credits, "music"),
            "countryOfOrigin": _countries(pick(row.countries, language).value),
            "sameAs": list(filter(None, (imdb, web_link(row.website)))),
            "trailer": [_clip(clip) for clip in clips if clip.player],
        }
    )


def person(row: Person, language: str, professions: Iterable[Text] = (), image: Image | None = None) -> Thing:
    """A person with a public profile."""
    address = absolute(path_of(Kind.PERSON, row.pk, row.name))
    return filled(
        {
            "@type": "Person",
            "@id": address,
            "url": address,
            "name": row.name,
            "description": plain(pick(row.descriptions, language).value),
            "image": shared_address(image),
            "jobTitle": [str(one) for one in professions],
            "sameAs": list(dict.fromkeys(filter(None, map(web_link, row.links.values())))),
            "mainEntityOfPage": address,
        }
    )


def organisation(row: Organisation, language: str) -> Thing:
    """An organisation."""
    address = absolute(path_of(Kind.ORGANISATION, row.pk, row.name))
    return filled(
        {
            "@type": "Organization",
            "@id": address,
            "url": address,
            "name": row.name,
            "description": plain(pick(row.descriptions, language).value),
            "sameAs": list(filter(None, (web_link(row.website),))),
        }
    )


def venue(row: Venue, language: str) -> Thing:
    """A venue, with its position where that is known and not only its city's."""
    address = absolute(path_of(Kind.VENUE, row.pk, str(row)))
    place = place_of(row)
    return filled(
        {
            **(place or {"@type": "Place", "name": str(row)}),
            "@id": address,
            "url": address,
            "description": plain(pick(row.descriptions, language).value),
            "telephone": row.phone,
            "sameAs": list(filter(None, (web_link(row.website),))),
        }
    )


def place_of(row: Venue | None) -> Thing | None:
    """Where something takes place; None for nowhere and for a venue that visitors cannot see."""
    if row is None or row.hidden_at is not None:
        return None
    exact = row.coordinates == CoordinatePrecision.EXACT and row.latitude is not None
    position = {"@type": "GeoCoordinates", "latitude": row.latitude, "longitude": row.longitude}
    postal = filled(
        {
            "streetAddress": row.street,
            "postalCode": row.postal_code,
            "addressLocality": row.city,
            "addressRegion": row.region,
            "addressCountry": row.country,
        }
    )
    return filled(
        {
            "@type": "Place",
            "name": row.name or row.house or row.city or "–",
            "address": {"@type": "PostalAddress", **postal} if postal else None,
            "geo": position if exact else None,
            "containedInPlace": {"@type": "Place", "name": row.house} if row.house and row.name else None,
        }
    )


def festival(row: Festival, language: str, cities: Iterable[str] = ()) -> Thing:
    """An edition of a festival, which takes place in *cities*."""
    address = absolute(path_of(Kind.FESTIVAL, row.pk, str(row)))
    places: list[Thing] = [
        {
            "@type": "Place",
            "name": city,
            "address": {"@type": "PostalAddress", "addressLocality": city},
        }
        for city in dict.fromkeys(cities)
    ]
    return filled(
        {
            "@type": "Festival",
            "@id": address,
            "url": address,
            "name": str(row),
            "description": plain(pick(row.descriptions, language).value),
            "startDate": row.starts_on.isoformat() if row.starts_on else "",
            "endDate": row.ends_on.isoformat() if row.ends_on else "",
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "location": places[0] if len(places) == 1 else places,
        }
    )


def section(row: Section, language: str) -> Thing:
    """A section of a festival: a series of events within it."""
    address = absolute(path_of(Kind.SECTION, row.pk, row.name))
    return filled(
        {
            "@type": "EventSeries",
            "@id": address,
            "url": address,
            "name": row.name,
            "description": plain(pick(row.descriptions, language).value),
            "superEvent": part_of(row.festival),
        }
    )


def part_of(row: Festival | None) -> Thing | None:
    """A festival that something belongs to, in short."""
    if row is None or not row.is_public:
        return None
    return {
        "@type": "Festival",
        "@id": absolute(path_of(Kind.FESTIVAL, row.pk, str(row))),
        "name": str(row),
    }


def performers(event: Event, credits: Sequence[Role]) -> list[Thing]:
    """Whoever appears in *event* itself. Without a profile nobody knows whether a name is one person or a group."""
    roles = ("headliner", "performer", "artist", "speaker")
    names = [one for word in roles for role in credits if role.word == word for one in role.names]
    return [
        filled(
            {
                "@type": "Person" if one.path else "PerformingGroup",
                "name": one.name,
                "url": absolute(one.path) if one.path else "",
            }
        )
        for one in names[:MOST_NAMES]
    ]


def _people(credits: Sequence[Role], word: str) -> list[Thing]:
    names: Any = next((role.names for role in credits if role.word == word), ())
    return [
        filled({"@type": "Person", "name": one.name, "url": absolute(one.path) if one.path else ""})
        for one in names[:MOST_NAMES]
    ]


def _countries(text: str) -> list[Thing]:
    return [{"@type": "Country", "name": name.strip()} for name in text.split(",") if name.strip()]


def _clip(clip: Trailer) -> Thing:
    return {"@type": "VideoObject", "name": clip.label, "embedUrl": clip.player, "url": clip.url}
