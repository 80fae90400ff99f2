"""Rows for tests, one function a kind, with defaults that make sense together.

Names given as keywords go to the columns as they are. Every row gets an id of its own at its provider.
"""

import json
import zlib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from django.db import connection

from aggregator.ingest.decide import programme_day
from aggregator.models import (
    Category,
    Credit,
    Event,
    Festival,
    Film,
    Image,
    IngestRun,
    Listing,
    Organisation,
    Person,
    Provenance,
    Rejection,
    Section,
    Selection,
    Showing,
    Source,
    SourceDocument,
    Term,
    Venue,
)
from aggregator.search import vocabulary, writing
from aggregator.search.matching import Matching
from aggregator.vocabulary import CategoryScheme, Kind, Mode, Precision, RunState, ShowingKind

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ZONE = "Europe/Stockholm"
RowT = TypeVar("RowT", bound=Any)
_numbers = count(1)


def _listing(columns: dict[str, Any], now: datetime = NOW) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "provider": "sff",
        "external_id": f"x{number}",
        "fingerprint": f"{number:032x}",
        "first_seen_at": now,
        "updated_at": now,
        **columns,
    }


# Rows that search does not know yet as they stand. They are written together when something is searched for, by
# statements that no test counts: the store writes a chunk's entries at once as well.
_unindexed: defaultdict[Kind, set[int]] = defaultdict(set)
_narrow, _known = Matching.narrow, vocabulary.known


def indexed(row: RowT) -> RowT:
    """*row*, found by search as it then stands. Call it after changing a row by hand, or what belongs to it."""
    _unindexed[Kind(type(row)._meta.model_name or "")].add(row.pk)
    return row


def index() -> None:
    """Have search know all rows that were made; it does so by itself in this process."""
    pending = {kind: list(ids) for kind, ids in _unindexed.items()}
    _unindexed.clear()
    if pending:
        counted, connection.force_debug_cursor = connection.force_debug_cursor, False
        try:
            writing.written({}, pending)
        finally:
            connection.force_debug_cursor = counted


def forget_unindexed() -> None:
    """Between two tests."""
    _unindexed.clear()


def _index_first(matching: Matching, rows: Any, entry: str = "") -> Any:
    index()
    return _narrow(matching, rows, entry)


def _learn_first() -> vocabulary.Known:
    index()
    return _known()


Matching.narrow = _index_first  # type: ignore[method-assign]
vocabulary.known = _learn_first


def make_venue(name: str = "Skandia", **columns: Any) -> Venue:
    """A cinema in Stockholm."""
    return indexed(
        Venue.objects.create(**_listing({"name": name, "city": "Stockholm", "country": "SE", **columns}))
    )


def make_festival(name: str = "Stockholm Film Festival", **columns: Any) -> Festival:
    """A festival that is on."""
    days = {"starts_on": NOW.date() - timedelta(days=3), "ends_on": NOW.date() + timedelta(days=8)}
    return indexed(Festival.objects.create(**_listing({"name": name, "zone": ZONE, **days, **columns})))


def make_section(festival: Festival, name: str = "Öppna rum", **columns: Any) -> Section:
    """A theme within *festival*."""
    return indexed(Section.objects.create(festival=festival, **_listing({"name": name, **columns})))


def make_film(title: str = "Nattlinjen", **columns: Any) -> Film:
    """A film of 97 minutes."""
    return indexed(
        Film.objects.create(**_listing({"titles": {"sv": title}, "length": 97, "year": 2026, **columns}))
    )


def make_organisation(name: str = "Kulturföreningen Nalen", **columns: Any) -> Organisation:
    """An organiser."""
    return indexed(Organisation.objects.create(**_listing({"name": name, **columns})))


def make_person(name: str = "Astrid Malm", **columns: Any) -> Person:
    """A person with a public profile."""
    return indexed(Person.objects.create(**_listing({"name": name, **columns})))


def make_term(list_name: str, value: str, **labels: str) -> Term:
    """One value of a closed list, with its labels per language."""
    return Term.objects.create(**_listing({"list_name": list_name, "value": value, "labels": labels}))


def make_document(row: Listing, body: Any = b"{}", *, current: bool = True, **columns: Any) -> SourceDocument:
    """A stored document that *row* came from; *body* is bytes, or a value that is stored as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    usual = {
        "provider": row.provider,
        "kind": "item",
        "key": f"k{next(_numbers)}",
        "media_type": "application/json",
        "content_hash": "0" * 32,
        "mapping_version": 1,
        "fetched_at": NOW,
        "last_seen_at": NOW,
    }
    document = SourceDocument.objects.create(body=zlib.compress(content), **{**usual, **columns})
    kind = type(row)._meta.model_name or ""
    Provenance.objects.create(document=document, kind=kind, row=row.pk, current=current)
    return document


def make_category(name: str = "Jazz", **columns: Any) -> Category:
    """A style."""
    return Category.objects.create(
        **_listing({"scheme": CategoryScheme.STYLE, "names": {"sv": name}, **columns})
    )


def folded(titles: dict[str, str]) -> str:
    """Titles as the store folds them for the plain search."""
    return "\n".join(dict.fromkeys(title.casefold() for title in titles.values()))


def make_event(title: str = "Nattlinjen", **columns: Any) -> Event:
    """A screening with a Swedish title; give *titles* for more languages."""
    columns.setdefault("titles", {"sv": title})
    columns.setdefault("folded", folded(columns["titles"]))
    return indexed(Event.objects.create(**_listing({"event_kind": ShowingKind.SCREENING, **columns})))


def make_showing(event: Event | None = None, **columns: Any) -> Showing:
    """A showing three hours after ``NOW``; days follow from the times unless given."""
    event = event or make_event()
    columns.setdefault("provider", event.provider)
    columns.setdefault("starts_at", NOW + timedelta(hours=3))
    columns.setdefault("zone", ZONE)
    precision = Precision(columns.setdefault("precision", Precision.EXACT))
    last = columns.get("ends_at") or columns["starts_at"]
    columns.setdefault("local_start_date", programme_day(columns["starts_at"], columns["zone"], precision))
    columns.setdefault("local_end_date", programme_day(last, columns["zone"], precision))
    columns.setdefault("folded", folded(columns.get("titles", {})))
    return indexed(
        Showing.objects.create(event=event, **_listing({"showing_kind": event.event_kind, **columns}))
    )


def make_credit(name: str, role: str, **owner: Any) -> Credit:
    """A name in a role of the film or event given as *owner*."""
    credit = Credit.objects.create(name=name, role=role, **{"position": next(_numbers), **owner})
    indexed(credit.film or credit.event)
    return credit


def make_source(slug: str = "sff", **columns: Any) -> Source:
    """A source that was read well five minutes before ``NOW``."""
    return Source.objects.create(slug=slug, **{"last_good_at": NOW - timedelta(minutes=5), **columns})


def make_run(provider: str = "sff", **columns: Any) -> IngestRun:
    """A healthy run of everything that ended five minutes before ``NOW``."""
    ended = NOW - timedelta(minutes=5)
    usual = {
        "mode": Mode.FULL,
        "state": RunState.HEALTHY,
        "due_at": ended,
        "created_at": ended,
        "started_at": ended,
        "finished_at": ended,
        "fetched": 12,
        "created": 3,
        "unchanged": 9,
    }
    return IngestRun.objects.create(provider=provider, **{**usual, **columns})


def make_rejection(provider: str = "sff", **columns: Any) -> Rejection:
    """A document in quarantine for want of a field."""
    usual = {
        "kind": "event",
        "key": f"k{next(_numbers)}",
        "reason": "missing_field",
        "path": "eventTimestamp",
    }
    return Rejection.objects.create(
        provider=provider, first_seen_at=NOW, last_seen_at=NOW, **{**usual, **columns}
    )


def make_selection(
    film: Film, festival: Festival, section: Section | None = None, **columns: Any
) -> Selection:
    """*film* at *festival*, in *section*."""
    return indexed(
        Selection.objects.create(film=film, festival=festival, section=section, **_listing(columns))
    )


def make_picture(row: Any, **columns: Any) -> Image:
    """A picture of *row* that was fetched, wide as posters are not, and stands for it in lists."""
    kind = row._meta.model_name
    usual = {"content_hash": "0123456789abcdef" * 4, "width": 1600, "height": 1000, kind: row}
    image = Image.objects.create(**_listing({**usual, "provider": row.provider, **columns}))
    row.picture = image
    type(row)._default_manager.filter(pk=row.pk).update(picture=image)
    return image


def hide(row: Listing) -> None:
    """Hide a row as the operator does."""
    type(row)._default_manager.filter(pk=row.pk).update(hidden_at=NOW, hidden_reason="by hand")
    indexed(row)
