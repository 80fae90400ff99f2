"""Parts of a row: pictures, credits, offers, categories and further venues.

A part belongs to its owner's fingerprint, so parts are touched only when their owner is created or rewritten.
Pictures keep their row, since they have addresses of their own; the others are rewritten whole.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import Q

from aggregator.ingest import rows
from aggregator.models import Credit, Event, Image, Offer, Showing
from aggregator.models.image import OWNERS
from aggregator.records import EventRecord, Record, ShowingRecord
from aggregator.records import Image as ImagePart
from aggregator.vocabulary import Kind

Ids = Mapping[tuple[Kind, str], int]

_IMAGE_CHANGED = (
    *("url", "role", "position", "template", "sizes", "width", "height", "copyright", "caption", "alt"),
    *("updated_at", "withdrawn_at"),
)
_IMAGE_OWNERS = tuple(f"{owner}_id" for owner in OWNERS)
# Filled once and later by whoever fetches the picture.
_IMAGE_BLANK = (*("hidden_reason", "dominant_colour", "content_hash", "failure", "fingerprint", "authority"),)
_IMAGE_COLUMNS = (
    *("provider", "external_id", "first_seen_at", "mapping_version"),
    *_IMAGE_CHANGED,
    *_IMAGE_OWNERS,
    *_IMAGE_BLANK,
)


def write(provider: str, fresh: Sequence[Record], changed: Sequence[Record], ids: Ids, now: datetime) -> None:
    """Store the parts of *fresh* owners, which have none yet, and of *changed* ones, which may."""
    _write_images(provider, fresh, changed, ids, now)
    _write_credits(fresh, changed, ids)
    _write_offers(fresh, changed, ids)
    _write_links(fresh, changed, ids)


def image_id(kind: Kind, external_id: str, image: ImagePart, position: int) -> str:
    """The picture's external id: owner and upstream's picture id, else owner, role and position."""
    return f"{kind}:{external_id}:{f'#{image.key}' if image.key else f'{image.role}:{position}'}"[:200]


def _write_images(
    provider: str, fresh: Sequence[Record], changed: Sequence[Record], ids: Ids, now: datetime
) -> None:
    stale = Q(pk__in=())
    for owner in OWNERS:
        if rewritten := [ids[r.kind, r.external_id] for r in changed if r.kind == owner]:
            stale |= Q(**{f"{owner}_id__in": rewritten})
    pictures = {row[1]: row for record in (*fresh, *changed) for row in _images(provider, record, ids, now)}
    if len(stale) > 1:
        Image.objects.filter(stale, withdrawn_at=None).exclude(external_id__in=list(pictures)).update(
            withdrawn_at=now
        )
    rows.overwrite(
        Image,
        _IMAGE_COLUMNS,
        list(pictures.values()),
        key=("provider", "external_id"),
        changed=_IMAGE_CHANGED,
    )


def _images(provider: str, record: Record, ids: Ids, now: datetime) -> list[tuple[Any, ...]]:
    """The pictures of *record* in the order of ``_IMAGE_COLUMNS``."""
    made = []
    positions: dict[str, int] = {}
    for image in cast(tuple[ImagePart, ...], getattr(record, "images", ())):
        position = positions[image.role] = positions.get(image.role, -1) + 1
        owners = [ids[record.kind, record.external_id] if record.kind == owner else None for owner in OWNERS]
        made.append(
            (
                *(provider, image_id(record.kind, record.external_id, image, position), now, 1),
                *(image.url, image.role, position, image.template, dict(image.sizes)),
                *(image.width, image.height, image.copyright, image.caption, dict(image.alt), now, None),
                *owners,
                *("" for _ in _IMAGE_BLANK),
            )
        )
    return made


def _write_credits(fresh: Sequence[Record], changed: Sequence[Record], ids: Ids) -> None:
    for kind in (Kind.FILM, Kind.EVENT):
        owner = f"{kind}_id"
        if rewritten := [ids[r.kind, r.external_id] for r in changed if r.kind is kind]:
            Credit.objects.filter(**{f"{owner}__in": rewritten}).delete()
        columns = (owner, "position", "role", "name", "character", "person_id")
        credits = [
            (
                *(ids[record.kind, record.external_id], position, credit.role, credit.name, credit.character),
                ids.get((Kind.PERSON, credit.person)),
            )
            for record in (*fresh, *changed)
            if record.kind is kind
            for position, credit in enumerate(cast(Any, record).credits)
        ]
        rows.insert(Credit, columns, credits)


def _write_offers(fresh: Sequence[Record], changed: Sequence[Record], ids: Ids) -> None:
    for kind in (Kind.EVENT, Kind.SHOWING):
        owner = f"{kind}_id"
        if rewritten := [ids[r.kind, r.external_id] for r in changed if r.kind is kind]:
            Offer.objects.filter(**{f"{owner}__in": rewritten}).delete()
        columns = (owner, "position", "price", "currency", "label", "url")
        offers = [
            (
                ids[record.kind, record.external_id],
                position,
                offer.price,
                offer.currency,
                offer.label,
                offer.url,
            )
            for record in (*fresh, *changed)
            if record.kind is kind
            for position, offer in enumerate(cast(Any, record).offers)
        ]
        rows.insert(Offer, columns, offers)


def _write_links(fresh: Sequence[Record], changed: Sequence[Record], ids: Ids) -> None:
    """Categories of events and the venues of a showing beyond its first."""
    categories: Any = Event.categories.through.objects
    venues: Any = Showing.further_venues.through.objects
    if events := [ids[r.kind, r.external_id] for r in changed if r.kind is Kind.EVENT]:
        categories.filter(event_id__in=events).delete()
    if showings := [ids[r.kind, r.external_id] for r in changed if r.kind is Kind.SHOWING]:
        venues.filter(showing_id__in=showings).delete()
    filed = []
    placed = []
    for record in (*fresh, *changed):
        if isinstance(record, EventRecord):
            event_id = ids[record.kind, record.external_id]
            filed += [(event_id, ids[Kind.CATEGORY, key]) for key in dict.fromkeys(record.categories)]
        elif isinstance(record, ShowingRecord):
            showing_id = ids[record.kind, record.external_id]
            placed += [(showing_id, ids[Kind.VENUE, key]) for key in dict.fromkeys(record.venues[1:])]
    rows.insert(categories.model, ("event_id", "category_id"), filed)
    rows.insert(venues.model, ("showing_id", "venue_id"), placed)
