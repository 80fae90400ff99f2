"""The files: where renditions lie, how they come and go, and how much room they take.

A row comes before its file and goes after it (see ``models.Rendition``), so that whatever dies in between, the next
``sweep`` finds every file. No file is touched inside a transaction. Names are never used twice.
"""

import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import IntegrityError
from django.db.models import Q, Sum

from aggregator.models import Rendition

logger = logging.getLogger(__name__)

#: The name, in place of a preset's, of the file that every preset is made from.
KEPT = "kept"
#: How long a plan holds for whoever made it; longer than any rendering takes.
PLAN_HOLDS = timedelta(seconds=60)
#: A use is noted once in so long.
USED_STEP = timedelta(days=1)
# Rows that one statement takes on, files that one sweep removes, and how far below the cap eviction goes.
_CHUNK, _MOST_REMOVED, _ROOM = 200, 2000, 0.9

Key = tuple[str, str]


def storage() -> Storage:
    """Where the files are: any storage of Django's, ``STORAGES["pictures"]``."""
    return storages["pictures"]


def plan(
    image_id: int, content_hash: str, keys: Iterable[Key], now: datetime, held: timedelta = PLAN_HOLDS
) -> list[Rendition]:
    """Rows for files that the caller is about to make: (preset, extension) that are neither there nor being made.

    Whoever's row it is makes the file: the database lets each exist once. A plan that was not kept in time is
    somebody else's to make again.
    """
    keys = list(keys)
    given_up = Rendition.objects.filter(image=image_id, made_at=None, lease_until__lt=now)
    given_up.update(image=None)
    made = [
        Rendition(
            image_id=image_id,
            preset=preset,
            extension=extension,
            content_hash=content_hash,
            name=f"{image_id % 1000:03d}/{image_id}/{preset}-{secrets.token_hex(4)}.{extension}",
            lease_until=now + held,
            used_at=now,
        )
        for preset, extension in keys
    ]
    try:
        Rendition.objects.bulk_create(made, ignore_conflicts=True)
    except IntegrityError:  # the picture was forgotten this moment
        return []
    names = [row.name for row in made]
    return list(Rendition.objects.filter(name__in=names))


def write(row: Rendition, body: bytes) -> None:
    """Put the file of a planned row into place. The row says so only once ``settle`` was called."""
    storage().save(row.name, ContentFile(body))
    row.size = len(body)


def settle(rows: Sequence[Rendition], now: datetime) -> None:
    """Files are there: show them; inside the caller's transaction, if there is one. What was discarded stays out."""
    for row in rows:
        row.made_at = now
    Rendition.objects.bulk_update(rows, ["made_at", "width", "height", "size"])


def read(name: str) -> bytes | None:
    """The file of that name; None where it is gone from the disk."""
    try:
        with storage().open(name) as file:
            return bytes(file.read())
    except OSError:
        return None


def discard(rows: Q) -> int:
    """Take renditions off their pictures; ``sweep`` removes the files. Gives their number."""
    return Rendition.objects.filter(rows, image__isnull=False).update(image=None)


def sweep(now: datetime) -> int:
    """Remove the files of discarded rows, then the rows; gives their number. A plan is given its time first."""
    Rendition.objects.filter(made_at=None, lease_until__lt=now - PLAN_HOLDS, image__isnull=False).update(
        image=None
    )
    removed = 0
    while removed < _MOST_REMOVED:
        rows = Rendition.objects.filter(image=None).exclude(made_at=None, lease_until__gte=now)
        chunk = list(rows.order_by("id").values_list("id", "name")[:_CHUNK])
        for _, name in chunk:
            _remove(name)
        Rendition.objects.filter(id__in=[pk for pk, _ in chunk], image=None).delete()
        removed += len(chunk)
        if len(chunk) < _CHUNK:
            break
    return removed


def _remove(name: str) -> None:
    """Delete one file and, on a disk, the folders that it leaves empty."""
    storage().delete(name)


def taken() -> int:
    """Bytes that all files together take."""
    total: int | None = Rendition.objects.filter(made_at__isnull=False).aggregate(sum=Sum("size"))["sum"]
    return total or 0


def evict(now: datetime, cap: int | None = None) -> int:
    """Discard what was not used for longest until less than *cap* bytes are taken; gives the number of files.

    What others are made from goes last: without it a picture has to be fetched again.
    """
    cap = settings.IMAGE_DISK_BYTES if cap is None else cap
    left = taken()
    if left <= cap:
        return 0
    evicted = 0
    for kept in (False, True):
        rows = Rendition.objects.filter(image__isnull=False, made_at__isnull=False)
        rows = rows.filter(preset=KEPT) if kept else rows.exclude(preset=KEPT)
        while left > cap * _ROOM:
            chunk = list(rows.order_by("used_at", "id").values_list("id", "size")[:_CHUNK])
            going = []
            for pk, size in chunk:
                if left <= cap * _ROOM:
                    break
                going.append(pk)
                left -= size
            if not going:
                break
            evicted += discard(Q(id__in=going))
    logger.info("%d picture files evicted, %d bytes are left", evicted, left)
    return evicted


def touch(ids: Iterable[int], now: datetime) -> None:
    """Note that renditions were looked at."""
    Rendition.objects.filter(id__in=list(ids)[:_CHUNK]).update(used_at=now)
