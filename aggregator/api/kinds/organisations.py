"""Organisations as the API writes them."""

from collections.abc import Sequence

from aggregator.addresses import path_of, web_link
from aggregator.api import images, values
from aggregator.api.fields import MAYBE_LINK, TEXT, TEXTS, Field, Json, Row, Wanted, word_of
from aggregator.vocabulary import Kind, OrganisationKind

COLUMNS = (*values.COMMON_COLUMNS, *images.columns(), "name", "organisation_kind", "website", "descriptions")
FIELDS = (
    *values.common_fields("organisations", "/organisations/4711-kulturforeningen-nalen/"),
    Field("name", TEXT, "Its name.", "Kulturföreningen Nalen"),
    Field("kind", word_of(OrganisationKind), "What it does.", "organiser"),
    Field("website", MAYBE_LINK, "Its own site.", "https://nalen.example/"),
    Field("descriptions", TEXTS, "Clean HTML per language.", {}),
    images.IMAGES,
    images.PICTURES,
)


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Organisations. No query."""
    return wanted.cut([_organisation(row) for row in rows])


def _organisation(row: Row) -> Json:
    return {
        **values.common(row, "organisations", path_of(Kind.ORGANISATION, row["id"], row["name"])),
        "name": row["name"],
        "kind": row["organisation_kind"],
        "website": web_link(row["website"]) or None,
        "descriptions": row["descriptions"],
        "images": images.lead(row),
    }
