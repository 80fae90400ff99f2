"""Pictures as the API writes them: a map of preset to address, and with ``expand=images`` every picture there is."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from aggregator.addresses import absolute
from aggregator.api import parts
from aggregator.api.fields import (
    ID,
    MAYBE_INTEGER,
    TEXT,
    TEXTS,
    Field,
    Json,
    Row,
    Wanted,
    reference,
    several,
    word_of,
)
from aggregator.images.naming import VERSION_DIGITS
from aggregator.images.presets import PRESETS
from aggregator.models import Image
from aggregator.vocabulary import ImageRole

_EXAMPLE = {
    name: f"https://events.example/images/31/{name}.jpg?v=1f0c9a7e"
    for name in ("preview-320x180", "poster-200x286")
}
IMAGES = Field(
    "images",
    reference("Images"),
    "Addresses of the leading picture by preset; {} where there is none. Ask for `.webp` or `.avif` by its ending.",
    _EXAMPLE,
)
PICTURES = Field(
    "pictures",
    several(reference("Picture")),
    "Every picture, with whom to name beside it; there only with `expand=images`.",
    [],
)
PICTURE = (
    Field("id", ID, "Our id.", 31),
    Field("role", word_of(ImageRole), "What it shows.", "still"),
    Field("width", MAYBE_INTEGER, "Pixels of the original, where known.", 1920),
    Field("height", MAYBE_INTEGER, "Pixels of the original, where known.", 1080),
    Field("dominant_colour", TEXT, "Like #1d1a16, or empty.", "#1d1a16"),
    Field("alt", TEXTS, "What is to be seen, per language.", {"sv": "En spårvagn i snö"}),
    Field("caption", TEXT, "The provider's caption, or empty.", ""),
    Field("copyright", TEXT, "Whom to name beside it, or empty.", "Foto: Tove Ek"),
    Field("images", reference("Images"), "Its addresses by preset.", _EXAMPLE),
)
_COLUMNS = ("id", "content_hash", "hidden_at", "withdrawn_at", "changed_at")
_OWNERS = {"events": "event", "films": "film", "people": "person", "venues": "venue"}
_OWNERS |= {"festivals": "festival", "organisations": "organisation"}


def columns(path: str = "") -> tuple[str, ...]:
    """What ``lead`` reads of the row at *path*, such as ``"event__"``."""
    return tuple(f"{path}picture__{name}" for name in _COLUMNS)


def lead(row: Row, path: str = "") -> Json:
    """Addresses of the picture that stands for the row at *path*."""
    pk = row[f"{path}picture__id"]
    if pk is None or row[f"{path}picture__hidden_at"] or row[f"{path}picture__withdrawn_at"]:
        return {}
    return addresses(pk, row[f"{path}picture__content_hash"])


def addresses(pk: int, content_hash: str) -> Json:
    """Preset → address, for every preset there is."""
    start = absolute(f"/images/{pk}/")
    ending = f".jpg?v={content_hash[:VERSION_DIGITS]}" if content_hash else ".jpg"
    return {name: f"{start}{name}{ending}" for name in PRESETS}


def add_pictures(kind: str, rows: Sequence[Json], wanted: Wanted) -> None:
    """Give each of *rows* its ``pictures``: its own, and a film's where it shows one. One query."""
    owners = {id(row): list(_owners(kind, row)) for row in rows}
    ids: dict[str, set[int]] = {}
    for found in owners.values():
        for owner, pk in found:
            ids.setdefault(owner, set()).add(pk)
    pictures = _pictures(ids, wanted) if ids else {}
    for row in rows:
        row["pictures"] = [one for owner in owners[id(row)] for one in pictures.get(owner, ())]


def _owners(kind: str, row: Json) -> Iterable[tuple[str, int]]:
    if kind in _OWNERS:
        yield _OWNERS[kind], row["id"]
    for part in ("event", "film"):
        if row.get(part) and kind in ("showings", "events"):
            yield part, row[part]["id"]


def _pictures(ids: dict[str, set[int]], wanted: Wanted) -> dict[tuple[str, int], list[Json]]:
    asked = reduce(or_, (Q(**{f"{owner}__in": found}) for owner, found in ids.items()))
    names = (
        "id",
        "role",
        "width",
        "height",
        "dominant_colour",
        "alt",
        "caption",
        "copyright",
        "embedded_copyright",
    )
    stamps = ("content_hash", "changed_at", "updated_at")
    found = Image.objects.public().filter(asked).order_by("position", "id")
    rows = found.values(*names, *stamps, *(f"{owner}_id" for owner in ids))
    return parts.grouped(
        wanted.watch(rows),
        lambda row: next((owner, row[f"{owner}_id"]) for owner in ids if row[f"{owner}_id"] is not None),
        _picture,
    )


def _picture(row: Row) -> Json:
    return {
        **{
            name: row[name] for name in ("id", "role", "width", "height", "dominant_colour", "alt", "caption")
        },
        "copyright": row["copyright"] or row["embedded_copyright"],
        "images": addresses(row["id"], row["content_hash"]),
    }
