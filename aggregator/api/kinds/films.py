"""Films as the API writes them."""

from collections.abc import Sequence

from aggregator.addresses import path_of, web_link
from aggregator.api import images, parts, values
from aggregator.api.fields import (
    MAYBE_INTEGER,
    MAYBE_LINK,
    TEXT,
    TEXTS,
    Field,
    Json,
    Row,
    Wanted,
    reference,
    several,
)
from aggregator.models import Selection
from aggregator.vocabulary import Kind

COLUMNS = (
    *values.COMMON_COLUMNS,
    *images.columns(),
    *("titles", "original_title", "descriptions", "countries", "languages", "length", "year", "statuses"),
    *("subtitles", "companies", "rights", "distribution", "imdb_id", "website", "trailers"),
)
SELECTION = (
    Field(
        "festival", reference("Named"), "The festival.", parts.named_example("festivals", 4, "Festival 2026")
    ),
    Field(
        "section",
        parts.MAYBE_NAMED,
        "The theme, where known.",
        parts.named_example("sections", 7, "Open Zone"),
    ),
)
FIELDS = (
    *values.common_fields("films", "/films/4711-nattlinjen/"),
    Field("titles", TEXTS, "Titles per language.", {"sv": "Nattlinjen", "en": "The Night Line"}),
    Field("original_title", TEXT, "The title in its own language, or empty.", "Nattlinjen"),
    Field("descriptions", TEXTS, "Clean HTML per language.", {"sv": "<p>En spårvagn, en natt.</p>"}),
    Field("countries", TEXTS, "Countries in words, per language.", {"sv": "Sverige", "en": "Sweden"}),
    Field("languages", TEXT, "Spoken languages, in words.", "Svenska"),
    Field("length", MAYBE_INTEGER, "Minutes.", 97),
    Field("year", MAYBE_INTEGER, "Year of production.", 2026),
    Field("statuses", TEXTS, "Premiere status per language.", {"en": "World premiere"}),
    Field("subtitles", TEXTS, "Subtitles in words, per language.", {"en": "English"}),
    Field("companies", TEXT, "Who produced it.", "Norrsken Film"),
    Field("rights", TEXT, "Who holds the rights.", ""),
    Field("distribution", TEXT, "Who distributes it.", ""),
    Field("imdb_id", TEXT, "Its id at IMDb, or empty.", "tt1234567"),
    Field("website", MAYBE_LINK, "Its own site.", None),
    Field("trailers", several(reference("Trailer")), "Trailers.", []),
    Field(
        "credits",
        several(reference("Credit")),
        "Who did what, in the provider's order.",
        [{"role": "director", "name": "Astrid Malm", "character": "", "person": None}],
    ),
    Field(
        "festivals",
        several(reference("Selection")),
        "Where it was selected.",
        [{field.name: field.example for field in SELECTION}],
    ),
    images.IMAGES,
    images.PICTURES,
)


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Films with credits and festivals. Two queries."""
    ids = [row["id"] for row in rows]
    credits = parts.credits([], ids, wanted) if wanted.has("credits") else {}
    selections = _selections(ids, wanted) if wanted.has("festivals") else {}
    return wanted.cut(
        [_film(row, credits.get(("film", row["id"]), []), selections.get(row["id"], [])) for row in rows]
    )


def _selections(films: Sequence[int], wanted: Wanted) -> dict[int, list[Json]]:
    found = Selection.objects.public().filter(film__in=films, festival__hidden_at=None)
    columns = (
        *("film_id", "updated_at", "festival_id", "festival__name", "festival__updated_at"),
        *("section_id", "section__name", "section__hidden_at", "section__updated_at"),
    )
    return parts.grouped(
        wanted.watch(found.order_by("festival_id", "section_id", "id").values(*columns)),
        lambda row: row["film_id"],
        lambda row: {
            "festival": parts.named(Kind.FESTIVAL, row["festival_id"], row["festival__name"]),
            "section": parts.named(Kind.SECTION, row["section_id"], row["section__name"])
            if row["section_id"] and row["section__hidden_at"] is None
            else None,
        },
    )


def _film(row: Row, credits: Sequence[Json], selections: Sequence[Json]) -> Json:
    plain = ("original_title", "descriptions", "countries", "languages", "length", "year", "statuses")
    further = ("subtitles", "companies", "rights", "distribution", "imdb_id")
    return {
        **values.common(row, "films", path_of(Kind.FILM, row["id"], row["titles"])),
        "titles": row["titles"],
        **{name: row[name] for name in (*plain, *further)},
        "website": web_link(row["website"]) or None,
        "trailers": values.trailers(row["trailers"]),
        "credits": credits,
        "festivals": selections,
        "images": images.lead(row),
    }
