"""Parts of a row: pictures, credits, offers, categories and further venues.

A part belongs to its owner's fingerprint, so parts are touched only when their owner is created or rewritten.
Pictures keep their row, since they have addresses of their own; the others are rewritten whole.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import Q

from aggregator.models import Credit, Event, Image, Offer, Showing
from aggregator.models.image import OWNERS
from aggregator.records import EventRecord, Record, ShowingRecord
from aggregator.records import Image as ImagePart
from aggregator.vocabulary import Kind

Ids = Mapping[tuple[Kind, str], int]

_IMAGE_COLUMNS = (
    *("url", "role", "position", "template", "sizes", "width", "height", "copyright", "caption", "alt"),
    *("updated_at", "withdrawn_at"),
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
    rows = [row for record in (*fresh, *changed) for row in _images(provider, record, ids, now)]
    if len(stale) > 1:
        kept = [row.external_id for row in rows]
        Image.objects.filter(stale, withdrawn_at=None).exclude(external_id__in=kept).update(withdrawn_at=now)
    if rows:
        Image.objects.bulk_create(
            {row.external_id: row for row in rows}.values(),
            update_conflicts=True,
            unique_fields=["provider", "external_id"],
            update_fields=_IMAGE_COLUMNS,
        )


def _images(provider: str, record: Record, ids: Ids, now: datetime) -> list[Image]:
    rows = []
    positions: dict[str, int] = {}
    for image in cast(tuple[ImagePart, ...], getattr(record, "images", ())):
        position = positions[image.role] = positions.get(image.role, -1) + 1
        rows.append(
            Image(
                provider=provider,
                external_id=image_id(record.kind, record.external_id, image, position),
                first_seen_at=now,
                updated_at=now,
                url=image.url,
                role=image.role,
                position=position,
                template=image.template,
                sizes=dict(image.sizes),
                width=image.width,
                height=image.height,
                copyright=image.copyright,
                caption=image.caption,
                alt=dict(image.alt),
                **{f"{record.kind}_id": ids[record.kind, record.external_id]},
            )
        )
    return rows


def _write_credits(fresh: Sequence[Record], changed: Sequence[Record], ids: Ids) -> None:
    for kind in (Kind.FILM, Kind.EVENT):
        owner = f"{kind}_id"
        if rewritten := [ids[r.kind, r.external_id] for r in changed if r.kind is kind]:
            Credit.objects.filter(**{f"{owner}__in": rewritten}).delete()
        rows = [
            Credit(
                position=position,
                role=credit.role,
                name=credit.name,
                character=credit.character,
                person_id=ids.get((Kind.PERSON, credit.person)),
                **{owner: ids[record.kind, record.external_id]},
            )
            for record in (*fresh, *changed)
            if record.kind is kind
            for position, credit in enumerate(cast(Any, record).credits)
        ]
        if rows:
            Credit.objects.bulk_create(rows)


def _write_offers(fresh: Sequence[Record], changed: Sequence[Record], ids: Ids) -> None:
    for kind in (Kind.EVENT, Kind.SHOWING):
        owner = f"{kind}_id"
        if rewritten := [ids[r.kind, r.external_id] for r in changed if r.kind is kind]:
            Offer.objects.filter(**{f"{owner}__in": rewritten}).delete()
        rows = [
            Offer(
                position=position,
                price=offer.price,
                currency=offer.currency,
                label=offer.label,
                url=offer.url,
                **{owner: ids[record.kind, record.external_id]},
            )
            for record in (*fresh, *changed)
            if record.kind is kind
            for position, offer in enumerate(cast(Any, record).offers)
        ]
        if rows:
            Offer.objects.bulk_create(rows)


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
    if filed:
        categories.bulk_create([categories.model(event_id=e, category_id=c) for e, c in filed])
    if placed:
        venues.bulk_create([venues.model(showing_id=s, venue_id=v) for s, v in placed])
