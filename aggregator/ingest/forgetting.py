"""Forgetting somebody: everything goes, and what is left is just enough never to store them again.

Removed are the row with its pictures and credits, the documents that spoke of nobody else, refused documents, links
to other rows and waiting hook deliveries. What stays is an HMAC of provider, kind and external id, and our own id,
whose page answers 410. A name that a document about something else mentions is left to that document.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from aggregator import changes
from aggregator.changes.hiding import record_referrers
from aggregator.ingest.shapes import rows_of
from aggregator.models import (
    Credit,
    HookDelivery,
    IdentityKey,
    IdentityLink,
    Image,
    Provenance,
    Rejection,
    SourceDocument,
    Suppression,
    Tombstone,
)
from aggregator.models.image import OWNERS
from aggregator.search import erasing
from aggregator.vocabulary import ChangeAction, Kind

Identity = tuple[Kind, str]


def digest(provider: str, kind: Kind, external_id: str) -> str:
    """64 hex digits that say whether somebody was forgotten and, without our secret, not who."""
    secret = hashlib.sha256(b"marquee suppression\0" + settings.SECRET_KEY.encode()).digest()
    content = "\0".join((provider, str(kind), external_id)).encode()
    return hmac.new(secret, content, hashlib.sha256).hexdigest()


def suppressed(provider: str, identities: Iterable[Identity]) -> set[Identity]:
    """Those of *identities* that were forgotten, in one query."""
    by_digest = {digest(provider, kind, external_id): (kind, external_id) for kind, external_id in identities}
    if not by_digest:
        return set()
    found = Suppression.objects.filter(digest__in=list(by_digest)).values_list("digest", flat=True)
    return {by_digest[each] for each in found}


def forget(
    provider: str, identities: Iterable[Identity], now: datetime, documents: Iterable[str] = ()
) -> None:
    """Forget rows by kind and external id, inside the caller's transaction; asking twice changes nothing.

    *documents* are further document keys that are about nobody but them.
    """
    wanted = sorted(set(identities))
    for kind, external_id in wanted:
        Suppression.objects.bulk_create(
            [Suppression(provider=provider, digest=digest(provider, kind, external_id), created_at=now)],
            ignore_conflicts=True,
        )
    keys = sorted({*documents, *(external_id for _, external_id in wanted)})
    Rejection.objects.filter(provider=provider, key__in=keys).delete()
    HookDelivery.objects.filter(provider=provider, document__in=keys).delete()
    for kind in {kind for kind, _ in wanted}:
        external_ids = [external_id for other, external_id in wanted if other is kind]
        _forget_rows(provider, kind, external_ids, now)
    _forget_documents(provider, keys)


def wipe() -> None:
    """Have SQLite move its write-ahead log into the database file, where what was deleted is overwritten.

    It is done as soon as nothing is left to commit, and waits for nobody, since whoever writes would wait as well: what
    a reader still holds is moved by a later call, of which every tick makes one. PostgreSQL gives up dead rows to its
    own vacuum.
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(_empty_the_log)


def _empty_the_log() -> None:
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")


def _forget_rows(provider: str, kind: Kind, external_ids: list[str], now: datetime) -> None:
    rows = rows_of(kind).filter(provider=provider, external_id__in=external_ids)
    ids = list(rows.values_list("id", flat=True))
    Tombstone.objects.bulk_create(
        [Tombstone(kind=kind, row=row, forgotten_at=now) for row in ids], ignore_conflicts=True
    )
    pictures = Image.objects.filter(**{f"{kind}_id__in": ids}) if kind in OWNERS else Image.objects.none()
    # Their files go with the next tick: a rendition without a picture is a file to be removed.
    Tombstone.objects.bulk_create(
        [
            Tombstone(kind=Kind.IMAGE, row=pk, forgotten_at=now)
            for pk in pictures.values_list("id", flat=True)
        ],
        ignore_conflicts=True,
    )
    told = Provenance.objects.filter(kind=kind, row__in=ids)
    others = Provenance.objects.filter(
        document=OuterRef("pk"), kind__in=(Kind.EVENT, Kind.SHOWING, Kind.FILM)
    )
    about_them = SourceDocument.objects.filter(id__in=told.values("document")).exclude(Exists(others))
    about_them.delete()
    told.delete()
    left = Q(left_provider=provider, left_kind=kind, left_external_id__in=external_ids)
    right = Q(right_provider=provider, right_kind=kind, right_external_id__in=external_ids)
    IdentityLink.objects.filter(left | right).delete()
    changes.record(kind, ids, ChangeAction.FORGOTTEN, now, hidden_too=True)
    record_referrers(kind, ids, now)
    IdentityKey.objects.filter(kind=kind, row__in=ids).delete()
    named: dict[Kind, list[int]] = {}
    if kind is Kind.PERSON:
        credits = Credit.objects.filter(person_id__in=ids)
        owners = list(credits.values_list("film_id", "event_id"))
        named[Kind.FILM] = [film for film, _ in owners if film]
        named[Kind.EVENT] = [event for _, event in owners if event]
        credits.delete()
    rows.delete()
    erasing.erase(kind, ids, named)


def _forget_documents(provider: str, keys: list[str]) -> None:
    """Documents under these keys that speak of no row that is left."""
    tied = Provenance.objects.filter(document=OuterRef("pk"))
    SourceDocument.objects.filter(provider=provider, key__in=keys).exclude(Exists(tied)).delete()
