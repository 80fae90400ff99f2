"""Keys: making, changing and recognising them, and adding up how much they are used.

The secret is 256 random bits, so a plain SHA-256 of it keeps it well: there is nothing to guess.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from aggregator.counting import counters
from aggregator.models import ApiKey, KeyUsage

BEGINNING = "mq_"
SHOWN = len(BEGINNING) + 6
MOST_KEYS = 10
LONGEST_NAME = 60
# How long the secret before a rotation goes on working.
GRACE = timedelta(hours=24)
USAGE_KEPT = timedelta(days=400)

_FORM = re.compile(r"mq_[A-Za-z0-9_-]{43}", re.ASCII)
_SUM = "usage"


class TooManyKeys(Exception):
    """The owner has ``MOST_KEYS`` working keys already."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A key and its secret, which nobody will be able to read again."""

    key: ApiKey
    secret: str


def make(owner: Any, name: str, now: datetime) -> Issued:
    """A new key of *owner*. Raises ``TooManyKeys``."""
    secret = _new_secret()
    with transaction.atomic():
        if working(owner).count() >= MOST_KEYS:
            raise TooManyKeys
        key = ApiKey.objects.create(
            owner=owner, name=_name(name), prefix=secret[:SHOWN], digest=digest(secret), created_at=now
        )
    return Issued(key, secret)


def rotate(key: ApiKey, now: datetime) -> Issued:
    """Give *key* another secret; the present one works for ``GRACE`` longer."""
    secret = _new_secret()
    key.previous_digest, key.previous_until = key.digest, now + GRACE
    key.digest, key.prefix, key.rotated_at = digest(secret), secret[:SHOWN], now
    key.save(update_fields=["digest", "prefix", "previous_digest", "previous_until", "rotated_at"])
    return Issued(key, secret)


def rename(key: ApiKey, name: str) -> None:
    """Call *key* something else."""
    ApiKey.objects.filter(pk=key.pk).update(name=_name(name))


def revoke(key: ApiKey, now: datetime) -> None:
    """End *key* at once, with all its secrets."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def working(owner: Any) -> Any:
    """The keys of *owner* that were not revoked, the oldest first."""
    return ApiKey.objects.filter(owner=owner, revoked_at=None).order_by("pk")


def find(secret: str, now: datetime) -> ApiKey | None:
    """The key that *secret* belongs to, with its owner; None where it does not work. One query at most."""
    if _FORM.fullmatch(secret) is None:
        return None
    known = digest(secret)
    mine = Q(digest=known) | Q(previous_digest=known, previous_until__gt=now)
    found = ApiKey.objects.filter(mine, revoked_at=None, owner__is_active=True)
    return found.select_related("owner").first()


def digest(secret: str) -> str:
    """What is kept of *secret*."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_secret() -> str:
    return BEGINNING + secrets.token_urlsafe(32)


def _name(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME] or "key"


class KeyAuthentication(BaseAuthentication):
    """For the addresses that need to know who asks: whoever holds a key is its owner. Reading needs no key at all."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        """The owner and the key that the gate has recognised."""
        key: ApiKey | None = getattr(request._request, "api_key", None)
        return None if key is None else (key.owner, key)

    def authenticate_header(self, request: Request) -> str:
        """The challenge to whoever came without a key."""
        return 'Bearer realm="marquee"'


# Usage -----------------------------------------------------------------------------------------------------


def note_use(key: ApiKey, now: datetime, *, refused: bool) -> None:
    """Count one request of *key*. Nothing is written to the database before the next ``flush_usage``."""
    counters().add(f"{_SUM}.{key.pk}.{now.astimezone(UTC):%Y-%m-%d}.{'refused' if refused else 'served'}")


def flush_usage(now: datetime) -> int:
    """Add what was counted since the last time to the tables; gives for how many keys and days."""
    sums: dict[tuple[int, date], list[int]] = {}
    for name, amount in counters().collect().items():
        sort, pk, day, outcome = name.split(".")
        if sort == _SUM:
            both = sums.setdefault((int(pk), date.fromisoformat(day)), [0, 0])
            both[0] += amount
            both[1] += amount if outcome == "refused" else 0
    if sums:
        _add_up(sums)
    KeyUsage.objects.filter(day__lt=(now - USAGE_KEPT).date()).delete()
    return len(sums)


def _add_up(sums: Mapping[tuple[int, date], Sequence[int]]) -> None:
    there = set(ApiKey.objects.filter(pk__in={pk for pk, _ in sums}).values_list("pk", flat=True))
    with transaction.atomic():
        rows = [KeyUsage(key_id=pk, day=day) for pk, day in sums if pk in there]
        KeyUsage.objects.bulk_create(rows, ignore_conflicts=True)
        for (pk, day), (requests, refused) in sums.items():
            KeyUsage.objects.filter(key=pk, day=day).update(
                requests=F("requests") + requests, refused=F("refused") + refused
            )
