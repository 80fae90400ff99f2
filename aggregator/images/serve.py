"""Answers for ``/images/<id>/<preset>.<extension>``: what is there, what can be made at once, or a drawn placeholder.

One query for what has been made; a file is made once, by whoever asks first, and the others wait for it.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from aggregator.images import lookup, placeholder, render, shelf
from aggregator.images.presets import Preset
from aggregator.models import Image, Rendition, Tombstone
from aggregator.vocabulary import ImageRole, Kind

#: How long one who comes second waits for the file that the first is making, in steps of.
PATIENCE, STEP = 4.0, 0.025


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send. *status* 200, 404 or 410; *body* None for the last two without a drawing.

    *tag* names the bytes ("" for a placeholder, which is not to be kept), *version* is what ``?v=`` has to say to be
    kept for good. *used* is the rendition to note as used, where that was not done lately.
    """

    status: int
    body: bytes | None = None
    tag: str = ""
    version: str = ""
    used: int | None = None


def answer(pk: int, preset: Preset, extension: str, now: datetime | None = None) -> Answer:
    """The picture *pk* as *preset* in the format of *extension*. Blocks for some seconds at most; raises nothing."""
    now = now or timezone.now()
    found = lookup.find(pk, preset.name, extension, now - shelf.USED_STEP)
    if found is None:
        forgotten = pk < 2**63 and Tombstone.objects.filter(kind=Kind.IMAGE, row=pk).exists()
        return Answer(410 if forgotten else 404)
    if not found.shown:
        return _placeholder(pk, found, preset, extension, 404)
    if not found.content_hash:
        return _placeholder(pk, found, preset, extension)
    rendition, stale = found.rendition, found.stale
    body = shelf.read(found.name) if rendition is not None else None
    if rendition is None or body is None:
        if rendition is not None:  # somebody removed the file
            shelf.discard(Q(pk=rendition))
        made = _made(pk, preset, extension, now)
        if made is None:
            return _placeholder(pk, found, preset, extension)
        rendition, body, stale = made[0].pk, made[1], False
    tag = f"{found.content_hash[:16]}-{rendition}"
    return Answer(200, body, tag, found.content_hash[:8], rendition if stale else None)


def _placeholder(pk: int, found: lookup.Found, preset: Preset, extension: str, status: int = 200) -> Answer:
    known = (found.width, found.height) if found.content_hash else (None, None)
    size = placeholder.size_for(preset, found.role, *known)
    return Answer(status, placeholder.drawn(*size, extension, pk % len(placeholder.GROUNDS)))


def _made(pk: int, preset: Preset, extension: str, now: datetime) -> tuple[Rendition, bytes] | None:
    image = Image.objects.exclude(content_hash="").filter(pk=pk).first()
    return None if image is None else _make(image, preset, extension, now)


def _make(image: Image, preset: Preset, extension: str, now: datetime) -> tuple[Rendition, bytes] | None:
    """Make the file from what is kept, or wait for whoever is at it. None where there is nothing to make it from."""
    planned = shelf.plan(image.pk, image.content_hash, [(preset.name, extension)], now)
    if not planned:
        return _waited_for(image, preset, extension)
    row = planned[0]
    body = _rendered(image, preset, extension, row)
    if body is None:
        shelf.discard(Q(pk=row.pk))
        _fetch_again(image, now)
        return None
    shelf.write(row, body)
    shelf.settle([row], timezone.now())
    if not Image.objects.filter(
        pk=image.pk, content_hash=image.content_hash
    ).exists():  # it changed meanwhile
        shelf.discard(Q(pk=row.pk))
    return row, body


def _this(image: Image, preset: Preset, extension: str) -> Q:
    return Q(image=image.pk, preset=preset.name, extension=extension, content_hash=image.content_hash)


def _waited_for(image: Image, preset: Preset, extension: str) -> tuple[Rendition, bytes] | None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(STEP)
        row = Rendition.objects.filter(_this(image, preset, extension)).first()
        if row is None:
            return None
        if row.made_at is not None:
            body = shelf.read(row.name)
            return None if body is None else (row, body)
    return None


def _rendered(image: Image, preset: Preset, extension: str, row: Rendition) -> bytes | None:
    kept = Rendition.objects.filter(
        image=image.pk, preset=shelf.KEPT, content_hash=image.content_hash, made_at__isnull=False
    ).first()
    body = shelf.read(kept.name) if kept is not None else None
    if kept is None or body is None:
        if kept is not None:  # somebody removed the file
            shelf.discard(Q(pk=kept.pk))
        return None
    focus = tuple(image.focus) if image.focus else None
    notice = image.copyright or image.embedded_copyright
    try:
        picture = render.reopened(body, preset, focus)
        interest = render.interest_of(picture, focus)
        whole = image.role == ImageRole.LOGO
        made = next(
            render.renditions(
                picture,
                [preset],
                [extension],
                interest,
                size=(image.width or picture.width, image.height or picture.height),
                whole=whole,
                copyright=notice,
            )
        )
    except OSError:  # the disk has spoilt it
        shelf.discard(Q(pk=kept.pk))
        return None
    row.width, row.height = made.width, made.height
    return made.body


def _fetch_again(image: Image, now: datetime) -> None:
    """What the presets are made from is gone from the disk: a worker brings it back."""
    later = Q(due_at=None) | Q(due_at__gt=now + timedelta(seconds=1))
    Image.objects.filter(later, pk=image.pk).update(due_at=now)
