"""What the database knows of one picture and one of its renditions, in a single query.

It is written out in SQL, since every picture on every page asks it: the text is put together once, where Django's
builder takes some milliseconds each time, which is more than everything else about an answer.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from aggregator.models import Image, Rendition
from aggregator.models.image import OWNERS

_MOST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Found:
    """A picture. *shown* says what ``visibility.is_shown`` says. *rendition* and *name* are those of the finished
    file of the present picture, None and "" where there is none; *stale*: its use was not noted lately.
    """

    content_hash: str
    role: str
    width: int | None
    height: int | None
    shown: bool
    rendition: int | None
    name: str
    stale: bool


def find(pk: int, preset: str, extension: str, used_before: datetime) -> Found | None:
    """The picture *pk* with its rendition, *stale* if that was last used before *used_before*; None for no picture."""
    if pk > _MOST_ID:
        return None
    moment: Any = used_before
    if connection.vendor == "sqlite":
        moment = connection.ops.adapt_datetimefield_value(used_before)
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), (moment, preset, extension, pk))
        row = cursor.fetchone()
    if row is None:
        return None
    content_hash, role, width, height, shown, rendition, name, stale = row
    return Found(content_hash, role, width, height, bool(shown), rendition, name or "", bool(stale))


@cache
def _statement(vendor: str) -> str:
    quoted = connection.ops.quote_name
    visible = ["i.withdrawn_at IS NULL", "i.hidden_at IS NULL"]
    joins = []
    for owner in OWNERS:
        table = quoted(Image._meta.get_field(owner).related_model._meta.db_table)  # type: ignore[union-attr]
        joins.append(f"LEFT JOIN {table} {owner}_ ON {owner}_.id = i.{owner}_id")
        # Of an owner that is not this picture's all columns are null.
        visible += [f"{owner}_.withdrawn_at IS NULL", f"{owner}_.hidden_at IS NULL"]
    visible.append(f"COALESCE(person_.{quoted('public')}, {'TRUE' if vendor == 'postgresql' else '1'})")
    return (
        "SELECT i.content_hash, i.role, i.width, i.height, "  # noqa: S608  names from the models
        f"({' AND '.join(visible)}), r.id, r.name, r.used_at < %s "
        f"FROM {quoted(Image._meta.db_table)} i {' '.join(joins)} "
        f"LEFT JOIN {quoted(Rendition._meta.db_table)} r ON r.image_id = i.id AND r.content_hash = i.content_hash "
        "AND r.preset = %s AND r.extension = %s AND r.made_at IS NOT NULL WHERE i.id = %s"
    )
