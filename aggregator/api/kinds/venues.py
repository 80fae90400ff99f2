"""Venues as the API writes them."""

from collections.abc import Sequence

from aggregator.addresses import absolute, api_path, path_of, web_link
from aggregator.api import images, values
from aggregator.api.fields import (
    MAYBE_LINK,
    MAYBE_NUMBER,
    TEXT,
    TEXTS,
    Field,
    Json,
    Row,
    Wanted,
    word_of,
)
from aggregator.vocabulary import CoordinatePrecision, Kind

COLUMNS = (
    *values.COMMON_COLUMNS,
    *images.columns(),
    *("name", "house", "types", "street", "vicinity", "postal_code", "city", "region", "country"),
    *("latitude", "longitude", "coordinates", "zone", "phone", "website", "descriptions"),
)
FIELDS = (
    *values.common_fields("venues", "/venues/4711-skandia/"),
    Field("name", TEXT, "Its name.", "Skandia"),
    Field("house", TEXT, "The building that a screen or a stage belongs to, or empty.", ""),
    Field("types", TEXTS, "What sort of place it is, per language.", {"sv": "Biograf"}),
    Field("street", TEXT, "Street and number.", "Drottninggatan 82"),
    Field("vicinity", TEXT, "What it lies near to.", ""),
    Field("postal_code", TEXT, "Postal code.", "111 36"),
    Field("city", TEXT, "City.", "Stockholm"),
    Field("region", TEXT, "Region.", ""),
    Field("country", TEXT, "ISO 3166-1 alpha-2, or empty.", "SE"),
    Field("latitude", MAYBE_NUMBER, "WGS 84 degrees; null for not known.", 59.3375),
    Field("longitude", MAYBE_NUMBER, "WGS 84 degrees; null for not known.", 18.0581),
    Field("coordinates", word_of(CoordinatePrecision), "How well the coordinates are known.", "exact"),
    Field("timezone", TEXT, "IANA name, or empty.", "Europe/Stockholm"),
    Field("phone", TEXT, "Telephone.", ""),
    Field("website", MAYBE_LINK, "Its own site.", "https://skandia.example/"),
    Field("descriptions", TEXTS, "Clean HTML per language.", {"sv": "<p>En salong från 1923.</p>"}),
    images.IMAGES,
    images.PICTURES,
)
# What a showing says of a venue without being asked for more.
SUMMARY_COLUMNS = ("id", "name", "house", "street", "postal_code", "city", "country", "latitude", "longitude")
SUMMARY = tuple(field for field in FIELDS if field.name in (*SUMMARY_COLUMNS, "url", "api_url"))


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Venues. No query."""
    return wanted.cut([_venue(row) for row in rows])


def _venue(row: Row) -> Json:
    plain = ("house", "types", "street", "vicinity", "postal_code", "city", "region", "country")
    return {
        **values.common(row, "venues", path_of(Kind.VENUE, row["id"], row["name"])),
        "name": row["name"],
        **{name: row[name] for name in plain},
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "coordinates": row["coordinates"],
        "timezone": row["zone"],
        "phone": row["phone"],
        "website": web_link(row["website"]) or None,
        "descriptions": row["descriptions"],
        "images": images.lead(row),
    }


def summary(row: Row, prefix: str = "") -> Json:
    """What a showing says of a venue, from columns that begin with *prefix*."""
    said = {name: row[prefix + name] for name in SUMMARY_COLUMNS}
    links = {
        "url": absolute(path_of(Kind.VENUE, said["id"], said["name"])),
        "api_url": absolute(api_path("venues", said["id"])),
    }
    return {"id": said.pop("id"), **links, **said}
