"""Events as the API writes them."""

from collections.abc import Sequence

from aggregator.addresses import path_of, web_link
from aggregator.api import images, parts, values
from aggregator.api.fields import (
    LINKS,
    MAYBE_LINK,
    MAYBE_MOMENT,
    MAYBE_MONEY,
    MAYBE_TRUTH,
    TEXT,
    TEXTS,
    Field,
    Json,
    Row,
    Wanted,
    reference,
    several,
    word_of,
)
from aggregator.vocabulary import Kind, ShowingKind, Status

COLUMNS = (
    *values.COMMON_COLUMNS,
    *images.columns(),
    *("status", "event_kind", "titles", "summaries", "descriptions", "status_note", "trailers", "links"),
    *("price_min", "price_max", "currency", "is_free", "free_condition", "sale_starts_at", "buy_url"),
    *("film_id", "film__titles", "film__hidden_at", "film__updated_at"),
    *("festival_id", "festival__name", "festival__hidden_at", "festival__updated_at"),
    *("organisation_id", "organisation__name", "organisation__hidden_at", "organisation__updated_at"),
)
FIELDS = (
    *values.common_fields("events", "/events/4711-nattlinjen/", word_of(Status, "withdrawn"), "scheduled"),
    Field("kind", word_of(ShowingKind), "What takes place.", "screening"),
    Field("titles", TEXTS, "Titles per language.", {"sv": "Nattlinjen", "en": "The Night Line"}),
    Field("summaries", TEXTS, "A few words, clean HTML per language.", {}),
    Field("descriptions", TEXTS, "Clean HTML per language.", {"sv": "<p>En spårvagn, en natt.</p>"}),
    Field("status_note", TEXTS, "What the provider says about the status.", {}),
    Field(
        "film",
        parts.expandable("Titled", "Film"),
        "The film that is shown, or null; whole with `expand=film`.",
        parts.titled_example("films", 88, "Nattlinjen"),
    ),
    Field(
        "festival",
        parts.MAYBE_NAMED,
        "The festival that it is part of, or null.",
        parts.named_example("festivals", 4, "Lantern Film Festival 2026"),
    ),
    Field("organisation", parts.MAYBE_NAMED, "Who arranges it, or null.", None),
    Field("categories", several(reference("Filing")), "What it is filed under.", []),
    Field(
        "credits",
        several(reference("Credit")),
        "Who takes part: the film's people, then the event's own.",
        [{"role": "director", "name": "Astrid Malm", "character": "", "person": None}],
    ),
    Field("trailers", several(reference("Trailer")), "Trailers.", []),
    Field("links", LINKS, "Further pages by label.", {}),
    Field("price_min", MAYBE_MONEY, "Lowest price.", "130.00"),
    Field("price_max", MAYBE_MONEY, "Highest price.", "150.00"),
    Field("currency", TEXT, "ISO 4217, or empty.", "SEK"),
    Field("is_free", MAYBE_TRUTH, "Whether it is free; null for not known.", False),
    Field("free_condition", TEXT, "For whom or when it is free.", ""),
    Field("sale_starts_at", MAYBE_MOMENT, "When tickets go on sale, in UTC.", None),
    Field("buy_url", MAYBE_LINK, "Where tickets are sold.", "https://tickets.example/17042"),
    Field("offers", several(reference("Offer")), "Prices and shops.", []),
    images.IMAGES,
    images.PICTURES,
)


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Events without their showings. Three queries."""
    ids = [row["id"] for row in rows]
    films = [row["film_id"] for row in rows if row["film_id"]]
    categories = parts.categories(ids, wanted) if wanted.has("categories") else {}
    offers = parts.offers("event_id", ids) if wanted.has("offers") else {}
    credits = parts.credits(ids, films, wanted) if wanted.has("credits") else {}
    return wanted.cut(
        [
            {
                **_event(row),
                "categories": categories.get(row["id"], []),
                "credits": [
                    *credits.get(("film", row["film_id"]), ()),
                    *credits.get(("event", row["id"]), ()),
                ],
                "offers": offers.get(row["id"], []),
            }
            for row in rows
        ]
    )


def _event(row: Row) -> Json:
    pk, status = row["id"], "withdrawn" if row["withdrawn_at"] else row["status"]
    return {
        **values.common(row, "events", path_of(Kind.EVENT, pk, row["titles"]), status),
        "kind": row["event_kind"],
        **{name: row[name] for name in ("titles", "summaries", "descriptions", "status_note")},
        "film": parts.titled(Kind.FILM, row["film_id"], row["film__titles"]) if _seen(row, "film") else None,
        "festival": parts.named(Kind.FESTIVAL, row["festival_id"], row["festival__name"])
        if _seen(row, "festival")
        else None,
        "organisation": parts.named(Kind.ORGANISATION, row["organisation_id"], row["organisation__name"])
        if _seen(row, "organisation")
        else None,
        "categories": (),
        "credits": (),
        "trailers": values.trailers(row["trailers"]),
        "links": values.links(row["links"]),
        "price_min": values.money(row["price_min"]),
        "price_max": values.money(row["price_max"]),
        "currency": row["currency"],
        "is_free": row["is_free"],
        "free_condition": row["free_condition"],
        "sale_starts_at": values.utc(row["sale_starts_at"]),
        "buy_url": web_link(row["buy_url"]) or None,
        "offers": (),
        "images": images.lead(row),
    }


def _seen(row: Row, part: str) -> bool:
    """Whether there is such a part and it was not hidden by hand."""
    return row[f"{part}_id"] is not None and row[f"{part}__hidden_at"] is None
