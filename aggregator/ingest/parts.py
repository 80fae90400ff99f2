"""Parts of a row: pictures, credits, offers, categories and further venues.

A part belongs to its owner's fingerprint, so parts are touched only when their owner is created or rewritten.
Pictures keep their row, since they have addresses of their own; the others are rewritten whole.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import F, Q

from aggregator.images.leads import PICTURED, point
from aggregator.ingest import rows
from aggregator.models import Credit, Event, Image, Offer, Showing
from aggregator.models.image import OWNERS
from aggregator.records import EventRecord, Record, ShowingRecord
from aggregator.records import Image as ImagePart
from aggregator.vocabulary import Kind

Ids = Mapping[tuple[Kind, str], int]

_IMAGE_CHANGED = (
    *("url", "role", "position", "template", "sizes", "crop", "copyright", "caption", "alt", "wanted"),
    *("updated_at", "withdrawn_at"),
)
_IMAGE_OWNERS = tuple(f"{owner}_id" for owner in OWNERS)
# Filled once and later by whoever fetches the picture.
_IMAGE_BLANK = (
    *("hidden_reason", "dominant_colour", "content_hash", "failure", "fingerprint", "authority"),
    *("embedded_copyright", "brought", "fetched_from", "etag", "last_modified"),
)
_IMAGE_COLUMNS = (
    *("provider", "external_id", "first_seen_at", "mapping_version", "attempts", "generation"),
    *("due_at", "width", "height", "focus"),
    *_IMAGE_CHANGED,
    *_IMAGE_OWNERS,
    *_IMAGE_BLANK,
)
_LARGEST_SIDE = 2**31 - 1


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
            withdrawn_at=now, due_at=now
        )
    written = rows.overwrite(
        Image,
        _IMAGE_COLUMNS,
        list(pictures.values()),
        key=("provider", "external_id"),
        changed=_IMAGE_CHANGED,
    )
    if changed and written:
        _fetch_again(written, now)
    _point_at_pictures(fresh, changed, ids)


def _fetch_again(image_ids: Sequence[int], now: datetime) -> None:
    """Have pictures fetched that became others or have nothing to show; whoever is at one of them is overtaken."""
    others = ~Q(wanted=F("brought")) | Q(content_hash="")
    Image.objects.filter(others, id__in=image_ids).update(
        due_at=now, attempts=0, lease_until=None, generation=F("generation") + 1
    )


def _point_at_pictures(fresh: Sequence[Record], changed: Sequence[Record], ids: Ids) -> None:
    """Keep the ``picture`` of owners; a changed one may have lost its own, a film passes its own on to its events."""
    films: list[int] = []
    for kind in PICTURED:
        owners = [ids[kind, r.external_id] for r in changed if r.kind is kind]
        owners += [
            ids[kind, r.external_id]
            for r in fresh
            if r.kind is kind and (getattr(r, "images", None) or getattr(r, "film", None))
        ]
        if kind is Kind.FILM:
            films = owners
        point(kind, owners, films if kind is Kind.EVENT else ())


def _images(provider: str, record: Record, ids: Ids, now: datetime) -> list[tuple[Any, ...]]:
    """The pictures of *record* in the order of ``_IMAGE_COLUMNS``."""
    made = []
    positions: dict[str, int] = {}
    for image in cast(tuple[ImagePart, ...], getattr(record, "images", ())):
        position = positions[image.role] = positions.get(image.role, -1) + 1
        owners = [ids[record.kind, record.external_id] if record.kind == owner else None for owner in OWNERS]
        made.append(
            (
                *(provider, image_id(record.kind, record.external_id, image, position), now, 1, 0, 0),
                *(now, _side(image.width), _side(image.height), []),
                *(image.url, image.role, position, image.template, dict(image.sizes), _crop(image)),
                *(image.copyright, image.caption, dict(image.alt), _wanted(image), now, None),
                *owners,
                *("" for _ in _IMAGE_BLANK),
            )
        )
    return made


def _side(pixels: int | None) -> int | None:
    return pixels if pixels is not None and 0 < pixels <= _LARGEST_SIDE else None


def _crop(image: ImagePart) -> list[int]:
    """The crop and the size of the picture that it was chosen in, 0 for unknown; [] without one."""
    return [*image.crop, image.width or 0, image.height or 0] if image.crop else []


def _wanted(image: ImagePart) -> str:
    """32 hex digits over everything that a fetch, and what is made from it, depends on."""
    content = (image.url, sorted(image.sizes.items()), image.role, _crop(image), image.copyright)
    return hashlib.blake2b(repr(content).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


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
