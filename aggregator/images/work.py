"""Image jobs: pictures whose ``due_at`` has come are fetched, and their eager set is made. Rows are the queue.

    due → claim (lease, generation) → fetch │ normalise │ render │ write files → commit if the generation still holds

Nothing of this happens inside a transaction but the last step.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from aggregator import changes
from aggregator.http import FetchError, HttpClient, RetryLater
from aggregator.http import faults as transport
from aggregator.images import faults, fetch, geometry, leads, reading, render, shelf
from aggregator.images.faults import PictureFault
from aggregator.images.presets import EAGER, EAGER_EXTENSIONS
from aggregator.images.visibility import is_shown
from aggregator.models import Image, Rendition, Showing
from aggregator.models.image import OWNERS
from aggregator.vocabulary import ChangeAction, ImageRole, Kind

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

#: Longer than the longest fetch with its rendering.
LEASE = timedelta(seconds=180)
#: Pictures change often, says the festival: look again after a day, and less often what does not change.
SOONEST, LATEST = timedelta(days=1), timedelta(days=14)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
#: After so many looks in vain a picture that is no longer there is no longer shown.
GONE_AFTER = 3
#: How long an upstream rests that did not answer so many times in a row.
REST, _IN_VAIN = timedelta(minutes=3), 3
_SOON = timedelta(days=14)
_BATCH, _CHUNK = 20, 200


class Overtaken(Exception):
    """Ingest, forgetting or another worker had its say on a picture meanwhile; nothing was written."""


def due(now: datetime) -> bool:
    """Whether any picture could be worked at now."""
    return Image.objects.filter(_is_due(now)).exists()


def busy(now: datetime) -> bool:
    """Whether a worker is at a picture."""
    return Image.objects.filter(lease_until__gte=now).exists()


def _is_due(now: datetime, prefix: str = "") -> Q:
    free = Q(**{f"{prefix}lease_until": None}) | Q(**{f"{prefix}lease_until__lt": now})
    return Q(**{f"{prefix}due_at__lte": now}) & free


def work(budget: float, clock: Clock = timezone.now) -> int:
    """Work at due pictures for *budget* seconds, at one at least; gives how many. Raises nothing for a bad picture."""
    until = time.monotonic() + budget
    done = 0
    in_vain: Counter[str] = Counter()
    with ExitStack() as stack:
        clients: dict[str, HttpClient] = {}
        while batch := _next(clock()):
            for pk in batch:
                image = claim(pk, clock())
                if image is not None:
                    slug = image.provider
                    if slug not in clients:
                        clients[slug] = stack.enter_context(_client_of(slug))
                    reached = handle(image, clients[slug], clock)
                    in_vain[slug] = 0 if reached else in_vain[slug] + 1
                    if in_vain[slug] >= _IN_VAIN:
                        _put_off(slug, clock())
                    done += 1
                if time.monotonic() >= until:
                    return done
    return done


def _put_off(provider: str, now: datetime) -> None:
    """Let an upstream rest that does not answer; asking it for hundreds of pictures helps nobody."""
    ids = list(Image.objects.filter(_is_due(now), provider=provider).values_list("id", flat=True))
    for start in range(0, len(ids), _CHUNK):
        rows = Image.objects.filter(_is_due(now), id__in=ids[start : start + _CHUNK])
        rows.update(due_at=now + REST * random.uniform(0.8, 1.2))  # noqa: S311


def _client_of(provider: str) -> HttpClient:
    entry = settings.PROVIDERS.get(provider)
    return fetch.client(entry.config.origins() if entry is not None and entry.config is not None else ())


def _next(now: datetime) -> list[int]:
    """Due pictures, those first that stand for what is on soon."""
    soon = Showing.objects.filter(
        _is_due(now, "event__picture__"), starts_at__gte=now, starts_at__lt=now + _SOON, withdrawn_at=None
    )
    found = soon.order_by("starts_at", "id").values_list("event__picture_id", flat=True)[: 5 * _BATCH]
    if first := list(dict.fromkeys(found)):
        return first[:_BATCH]
    return list(
        Image.objects.filter(_is_due(now)).order_by("due_at", "id").values_list("id", flat=True)[:_BATCH]
    )


def claim(pk: int, now: datetime) -> Image | None:
    """The due picture *pk* under a lease, with its owner; None where somebody else has it or it is not due."""
    taken = Image.objects.filter(_is_due(now), pk=pk).update(
        lease_until=now + LEASE, generation=F("generation") + 1
    )
    return Image.objects.select_related(*OWNERS).filter(pk=pk).first() if taken else None


def handle(image: Image, http: HttpClient, clock: Clock = timezone.now) -> bool:
    """Bring one claimed picture up to date, or note why that failed; False where upstream could not be reached."""
    try:
        if is_shown(image):
            _refresh(image, http, clock)
        else:
            _put_away(image, clock())
    except RetryLater as error:
        _wait(image, error)
        return False
    except (FetchError, PictureFault) as error:
        _fail(image, error.reason, clock())
        return isinstance(error, PictureFault) or error.permanent
    except Overtaken:
        logger.info("picture %s: overtaken", image.pk)
    except Exception:
        logger.exception("picture %s", image.pk)
        _fail(image, faults.UNEXPECTED, clock())
    return True


def _wait(image: Image, error: RetryLater) -> None:
    with suppress(Overtaken):
        _commit(image, due_at=error.retry_at, failure=error.reason)


def _refresh(image: Image, http: HttpClient, clock: Clock) -> None:
    kept = Rendition.objects.filter(
        image=image, preset=shelf.KEPT, content_hash=image.content_hash, made_at__isnull=False
    )
    conditional = bool(image.content_hash) and image.wanted == image.brought and kept.exists()
    found = fetch.fetch(http, image, conditional=conditional)
    if isinstance(found, fetch.Unchanged):
        now = clock()
        _commit(image, **_well(image, now, image.changed_at or now))
        return
    rows = _make(image, found, clock())
    now = clock()
    changed = image.changed_at if found.content_hash == image.content_hash else now
    picture = found.picture
    try:
        with transaction.atomic():
            changes.beside_others()
            shelf.settle(rows, now)
            _commit(
                image,
                **_well(image, now, changed or now),
                content_hash=found.content_hash,
                changed_at=changed,
                width=picture.pixels.width,
                height=picture.pixels.height,
                focus=list(geometry.focus_of(image.crop, picture.source) or ()),
                dominant_colour=picture.dominant,
                embedded_copyright=picture.copyright,
                fetched_from=found.address,
                etag=found.etag,
                last_modified=found.last_modified,
            )
            shelf.discard(Q(image=image) & ~Q(content_hash=found.content_hash))
            if found.content_hash != image.content_hash:
                _tell(image, now)
    except Overtaken:
        shelf.discard(Q(pk__in=[row.pk for row in rows]))
        raise
    if not image.content_hash and image.failure:
        leads.point_owner(image)


def _make(image: Image, found: fetch.Fetched, now: datetime) -> list[Rendition]:
    """Plan, draw and write what is kept and the eager set; what is there already under this hash stays."""
    keys = [(shelf.KEPT, "jpg")]
    keys += [(preset.name, extension) for preset in EAGER for extension in EAGER_EXTENSIONS]
    planned = {
        (row.preset, row.extension): row for row in shelf.plan(image.pk, found.content_hash, keys, now, LEASE)
    }
    for key, body, width, height in _bodies(image, found.picture):
        if key in planned:
            row = planned[key]
            row.width, row.height = width, height
            shelf.write(row, body)
    return list(planned.values())


def _bodies(image: Image, picture: reading.Normalised) -> Iterator[tuple[shelf.Key, bytes, int, int]]:
    notice = image.copyright or picture.copyright
    yield (shelf.KEPT, "jpg"), render.encoded(picture.pixels, shelf.KEPT, notice), *picture.pixels.size
    focus = geometry.focus_of(image.crop, picture.source)
    made = render.renditions(
        picture.pixels,
        EAGER,
        EAGER_EXTENSIONS,
        render.interest_of(picture.pixels, focus),
        whole=image.role == ImageRole.LOGO,
        copyright=notice,
    )
    for one in made:
        yield (one.preset.name, one.extension), one.body, one.width, one.height


def _well(image: Image, now: datetime, changed: datetime) -> dict[str, object]:
    pause = min(max((now - changed) / 2, SOONEST), LATEST)
    return {
        "failure": "",
        "attempts": 0,
        "fetched_at": now,
        "brought": image.wanted,
        "due_at": now + pause * random.uniform(0.9, 1.1),  # noqa: S311
    }


def _commit(image: Image, **columns: object) -> None:
    """Write what became of a claimed picture and give the lease back. Raises ``Overtaken``."""
    rows = Image.objects.filter(pk=image.pk, generation=image.generation)
    if not rows.update(lease_until=None, **columns):
        raise Overtaken


def _fail(image: Image, reason: str, now: datetime) -> None:
    """Note a failure and when to try again; what was fetched before goes on being shown, for a while."""
    attempts = image.attempts + 1
    permanent = transport.REASONS[reason][0] if reason in transport.REASONS else True
    if permanent:
        pause = min(SOONEST * 2 ** min(attempts - 1, 6), LATEST)
    else:
        pause = min(FIRST_WAIT * 2 ** min(attempts - 1, 12), LONGEST_WAIT)
    columns: dict[str, object] = {
        "failure": reason,
        "attempts": attempts,
        "brought": image.wanted,
        "due_at": now + pause * random.uniform(0.9, 1.1),  # noqa: S311
    }
    lost = reason in (transport.NOT_FOUND, transport.GONE) and attempts >= GONE_AFTER
    try:
        with transaction.atomic():
            changes.beside_others()
            _commit(image, **columns, **(_NOTHING if lost else {}))
            if lost and image.content_hash:
                _tell(image, now)
    except Overtaken:
        return
    if lost:
        shelf.discard(Q(image=image))
    if not image.failure or lost:
        leads.point_owner(image)


def _tell(image: Image, now: datetime) -> None:
    """Record that the row which *image* belongs to shows another picture."""
    kind = next(owner for owner in OWNERS if getattr(image, f"{owner}_id") is not None)
    changes.record(Kind(kind), [getattr(image, f"{kind}_id")], ChangeAction.UPDATED, now)


_NOTHING = {"content_hash": "", "etag": "", "last_modified": "", "fetched_from": ""}


def _put_away(image: Image, now: datetime) -> None:
    """Ask for nothing that visitors may not see, and keep no file of a picture or a person that was taken back.

    Ingest makes a withdrawn picture due again when it is listed again.
    """
    later = None if image.withdrawn_at else now + SOONEST
    if image.withdrawn_at is None and image.person_id is None:
        _commit(image, due_at=later)
        return
    _commit(image, due_at=later, **_NOTHING)
    shelf.discard(Q(image=image))
