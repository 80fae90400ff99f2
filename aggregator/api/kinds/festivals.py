"""Festivals and their sections as the API writes them."""

from collections.abc import Sequence

from aggregator.addresses import path_of
from aggregator.api import images, parts, values
from aggregator.api.fields import (
    MAYBE_DATE,
    MAYBE_MOMENT,
    TEXT,
    TEXTS,
    TRUTH,
    Field,
    Json,
    Row,
    Wanted,
    reference,
    several,
)
from aggregator.models import Section
from aggregator.vocabulary import Kind

COLUMNS = (
    *values.COMMON_COLUMNS,
    *images.columns(),
    *("name", "starts_on", "ends_on", "zone", "is_current", "sale_starts_at", "descriptions"),
)
FIELDS = (
    *values.common_fields("festivals", "/festivals/4711-lantern-film-festival-2026/"),
    Field("name", TEXT, "Its name, as a rule with the year.", "Lantern Film Festival 2026"),
    Field("starts_on", MAYBE_DATE, "First day.", "2026-11-11"),
    Field("ends_on", MAYBE_DATE, "Last day.", "2026-11-22"),
    Field("timezone", TEXT, "IANA name of the zone that its days are in.", "Europe/Stockholm"),
    Field("is_current", TRUTH, "Whether the provider calls it the current one.", True),
    Field("sale_starts_at", MAYBE_MOMENT, "When tickets go on sale.", "2026-10-27T10:00:00+01:00"),
    Field("descriptions", TEXTS, "Clean HTML per language.", {}),
    Field(
        "sections",
        several(reference("Named")),
        "Its themes.",
        [parts.named_example("sections", 7, "Open Zone")],
    ),
    images.IMAGES,
    images.PICTURES,
)

_FESTIVAL = parts.named_example("festivals", 4, "Lantern Film Festival 2026")
SECTION_COLUMNS = (
    *values.COMMON_COLUMNS,
    *("name", "descriptions", "festival_id", "festival__name", "festival__updated_at"),
)
SECTION_FIELDS = (
    *values.common_fields("sections", "/sections/4711-open-zone/"),
    Field("name", TEXT, "Its name.", "Open Zone"),
    Field("descriptions", TEXTS, "Clean HTML per language.", {}),
    Field(
        "festival",
        reference("Named"),
        "The festival that it belongs to.",
        parts.named_example("festivals", 4, "Lantern Film Festival 2026"),
    ),
)


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Festivals with their sections. One query."""
    sections = _sections([row["id"] for row in rows], wanted) if wanted.has("sections") else {}
    return wanted.cut([_festival(row, sections.get(row["id"], [])) for row in rows])


def _sections(festivals: Sequence[int], wanted: Wanted) -> dict[int, list[Json]]:
    found = Section.objects.public().filter(festival__in=festivals).order_by("name", "id")
    return parts.grouped(
        wanted.watch(found.values("id", "name", "festival_id", "updated_at")),
        lambda row: row["festival_id"],
        lambda row: parts.named(Kind.SECTION, row["id"], row["name"]),
    )


def _festival(row: Row, sections: Sequence[Json]) -> Json:
    zone = values.zone_of(row["zone"])
    return {
        **values.common(row, "festivals", path_of(Kind.FESTIVAL, row["id"], row["name"])),
        "name": row["name"],
        "starts_on": row["starts_on"] and row["starts_on"].isoformat(),
        "ends_on": row["ends_on"] and row["ends_on"].isoformat(),
        "timezone": row["zone"],
        "is_current": row["is_current"],
        "sale_starts_at": values.local(row["sale_starts_at"], zone),
        "descriptions": row["descriptions"],
        "sections": list(sections),
        "images": images.lead(row),
    }


def write_sections(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Sections. No query."""
    return wanted.cut([_section(row) for row in rows])


def _section(row: Row) -> Json:
    return {
        **values.common(row, "sections", path_of(Kind.SECTION, row["id"], row["name"])),
        "name": row["name"],
        "descriptions": row["descriptions"],
        "festival": parts.named(Kind.FESTIVAL, row["festival_id"], row["festival__name"]),
    }
