"""Parts that several kinds of object have: credits, offers, categories, references to other rows.

Each function asks the database once, whatever the number of owners.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from aggregator.addresses import PLURALS, absolute, api_path, path_of, web_link
from aggregator.api import values
from aggregator.api.fields import (
    ID,
    LINK,
    MAYBE_LINK,
    MAYBE_MONEY,
    TEXT,
    TEXTS,
    Field,
    Json,
    Row,
    Wanted,
    maybe,
    reference,
    word_of,
)
from aggregator.models import Credit, Event, Offer
from aggregator.models.listing import slug_of
from aggregator.vocabulary import CategoryScheme, CreditRole, Kind

_SITE = "https://events.example"

NAMED = (
    Field("id", ID, "Our id.", 12),
    Field("url", LINK, "Its page for people.", f"{_SITE}/venues/12-skandia/"),
    Field("api_url", LINK, "It in the API.", f"{_SITE}/api/v1/venues/12/"),
    Field("name", TEXT, "Its name.", "Skandia"),
)
TITLED = (
    Field("id", ID, "Our id.", 4711),
    Field("url", LINK, "Its page for people.", f"{_SITE}/events/4711-nattlinjen/"),
    Field("api_url", LINK, "It in the API.", f"{_SITE}/api/v1/events/4711/"),
    Field("titles", TEXTS, "Its titles per language.", {"sv": "Nattlinjen", "en": "The Night Line"}),
)
OFFER = (
    Field("price", MAYBE_MONEY, "Price of one ticket.", "130.00"),
    Field("currency", TEXT, "ISO 4217, or empty.", "SEK"),
    Field("label", TEXT, "What the price is for.", "Ordinarie"),
    Field("url", MAYBE_LINK, "Where it is sold.", "https://tickets.example/17042"),
)
CATEGORY = (
    Field("id", ID, "Our id.", 3),
    Field("scheme", word_of(CategoryScheme), "Which list it comes from.", "style"),
    Field("names", TEXTS, "Its name per language.", {"sv": "Jazz"}),
)
CREDIT = (
    Field("role", word_of(CreditRole), "What the person did.", "director"),
    Field("name", TEXT, "The name as the provider gives it.", "Astrid Malm"),
    Field("character", TEXT, "Whom an actor plays, or empty.", ""),
    Field(
        "person",
        {"anyOf": [reference("Named"), reference("Person"), {"type": "null"}]},
        "The person's profile where there is one; whole with `expand=people`.",
        None,
    ),
)


def named(kind: Kind, pk: int, name: str) -> Json:
    """A reference to a row that has a name."""
    return {
        "id": pk,
        "url": absolute(path_of(kind, pk, name)),
        "api_url": absolute(api_path(PLURALS[kind], pk)),
        "name": name,
    }


def titled(kind: Kind, pk: int, titles: Mapping[str, str]) -> Json:
    """A reference to a row that has titles."""
    return {
        "id": pk,
        "url": absolute(path_of(kind, pk, titles)),
        "api_url": absolute(api_path(PLURALS[kind], pk)),
        "titles": titles,
    }


def named_example(kind: str, pk: int, name: str) -> Json:
    """``named`` as the documentation shows it: on a site that is nobody's."""
    links = {"url": f"{_SITE}/{kind}/{pk}-{slug_of(name)}/", "api_url": f"{_SITE}/api/v1/{kind}/{pk}/"}
    return {"id": pk, **links, "name": name}


def titled_example(kind: str, pk: int, title: str) -> Json:
    """``titled`` as the documentation shows it."""
    links = {"url": f"{_SITE}/{kind}/{pk}-{slug_of(title)}/", "api_url": f"{_SITE}/api/v1/{kind}/{pk}/"}
    return {"id": pk, **links, "titles": {"sv": title}}


def expandable(reference_name: str, whole: str) -> Mapping[str, Any]:
    """The schema of a reference that ``expand=`` turns into the whole object, or null."""
    return {"anyOf": [reference(reference_name), reference(whole), {"type": "null"}]}


def offers(owner: str, ids: Sequence[int]) -> Mapping[int, list[Json]]:
    """Offers by the id of their *owner* (``"event_id"`` or ``"showing_id"``). One query."""
    rows = Offer.objects.filter(**{f"{owner}__in": ids}).order_by("position")
    return grouped(
        rows.values(owner, "price", "currency", "label", "url"),
        lambda row: row[owner],
        lambda row: {
            "price": values.money(row["price"]),
            "currency": row["currency"],
            "label": row["label"],
            "url": web_link(row["url"]) or None,
        },
    )


def categories(events: Sequence[int], wanted: Wanted) -> Mapping[int, list[Json]]:
    """What events are filed under, by event. One query."""
    links = Event.categories.through.objects.filter(event__in=events, category__hidden_at=None)
    columns = ("event_id", *(f"category__{name}" for name in ("id", "scheme", "names", "updated_at")))
    return grouped(
        wanted.watch(links.order_by("id").values(*columns)),
        lambda row: row["event_id"],
        lambda row: {
            "id": row["category__id"],
            "scheme": row["category__scheme"],
            "names": row["category__names"],
        },
    )


def credits(
    events: Sequence[int], films: Sequence[int], wanted: Wanted
) -> Mapping[tuple[str, int], list[Json]]:
    """Names in roles by ``("film", id)`` and ``("event", id)``, in upstream's order. One query."""
    rows = Credit.objects.filter(Q(event__in=events) | Q(film__in=films)).order_by("position")
    columns = ("film_id", "event_id", "role", "name", "character", "person_id")
    profile = ("name", "public", "updated_at", "hidden_at", "withdrawn_at")
    return grouped(
        wanted.watch(rows.values(*columns, *(f"person__{name}" for name in profile))),
        lambda row: ("film", row["film_id"]) if row["film_id"] else ("event", row["event_id"]),
        _credit,
    )


def _credit(row: Row) -> Json:
    return {
        "role": row["role"],
        "name": row["name"],
        "character": row["character"],
        "person": named(Kind.PERSON, row["person_id"], row["person__name"]) if _has_profile(row) else None,
    }


def _has_profile(row: Row) -> bool:
    return bool(
        row["person_id"]
        and row["person__public"]
        and row["person__hidden_at"] is None
        and row["person__withdrawn_at"] is None
    )


def grouped(
    rows: Iterable[Row], key: Callable[[Row], Any], write: Callable[[Row], Json]
) -> defaultdict[Any, list[Json]]:
    """*rows* written out, gathered by *key*; nothing under a key gives []."""
    groups: defaultdict[Any, list[Json]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(write(row))
    return groups


MAYBE_NAMED = maybe(reference("Named"))
