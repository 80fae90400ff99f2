"""From the feed of changes to deliveries: what an endpoint is to be told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from aggregator.changes import PLURALS, feed
from aggregator.deliveries import leases
from aggregator.models import Change, Delivery, Endpoint
from aggregator.vocabulary import DeliveryState, Kind

PAGE = 200
# An endpoint that does not keep up is told of no more for now; the feed keeps what it has not seen.
MOST_WAITING = 2_000


def distribute(endpoint: Endpoint, lease: leases.Lease, now: datetime) -> bool:
    """Turn a page of what happened behind *endpoint*'s cursor into deliveries and move the cursor, together.

    Gives whether there was anything to look at. Raises ``LeaseLost``.
    """
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    if waiting.count() >= MOST_WAITING:
        return False
    try:
        found, cursor, era = feed.follow(endpoint.cursor, PAGE)
    except (feed.Expired, feed.BadCursor):  # paused for longer than changes are kept, or a restored database
        found, cursor, era = (), feed.written(feed.now(), feed.era()), ""
    if cursor == endpoint.cursor:
        return False
    rows = [_delivery(endpoint, change, era, now) for change in found if wants(endpoint, change)]
    with transaction.atomic():
        leases.renew(lease, now, cursor=cursor)
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    endpoint.cursor = cursor
    return True


def wants(endpoint: Endpoint, change: Change) -> bool:
    """Whether *endpoint*'s filters let *change* through."""

    def among(value: str, chosen: Sequence[str]) -> bool:
        return not chosen or value in chosen

    return (
        among(PLURALS[Kind(change.kind)], endpoint.kinds)
        and among(change.provider, endpoint.providers)
        and among(change.action, endpoint.actions)
    )


def _delivery(endpoint: Endpoint, change: Change, era: str, now: datetime) -> Delivery:
    cursor = feed.written(feed.place_of(change), era)
    return Delivery(
        endpoint=endpoint,
        message=f"msg_{endpoint.pk}_{cursor.replace('.', '_')}",
        cursor=cursor,
        kind=change.kind,
        row=change.row,
        provider=change.provider,
        action=change.action,
        at=change.at,
        due_at=now,
        created_at=now,
    )
