"""Opaque cursors: where a reader stands in an order, as a word that goes into an address.

A cursor holds the name of its order and the last row's values in it. It is checked when it comes back, not signed: a
forged one leads to another place in what anybody may read, and one that was kept outlives a change of keys.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q

from aggregator.search.criteria import LARGEST_ID

START = "*"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows. *keys* are columns that are never null, the last one unique, and their types in Python.

    Without keys a list in this order has pages but no cursor.
    """

    name: str
    keys: tuple[tuple[str, type], ...] = ()
    backwards: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """What to sort by."""
        return tuple(("-" if self.backwards else "") + name for name, _ in self.keys)


BY_ID = Order("id", (("id", int),))
BY_ID_BACKWARDS = Order("-id", (("id", int),), backwards=True)
_PROGRAMME = (("local_start_date", date), ("starts_at", datetime), ("id", int))
BY_START = Order("start", _PROGRAMME)
BY_START_BACKWARDS = Order("-start", _PROGRAMME, backwards=True)


def cursor_after(order: Order, row: Mapping[str, Any]) -> str:
    """The cursor that goes on behind *row*, which holds the columns of *order*."""
    stand = [_written(row[name]) for name, _ in order.keys]
    text = json.dumps([order.name, *stand], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def read_cursor(word: str, order: Order) -> tuple[Any, ...]:
    """The values that *word* stands for in *order*; () for the beginning. Raises ``ValueError`` for anything else."""
    if word == START:
        return ()
    if len(word) > LONGEST:
        raise ValueError("too long")
    try:
        text = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        name, *stand = json.loads(text)
    except (binascii.Error, UnicodeError, TypeError, ValueError, RecursionError):
        raise ValueError("not a cursor") from None
    if name != order.name or len(stand) != len(order.keys):
        raise ValueError("a cursor of another order")
    return tuple(_read(value, kind) for value, (_, kind) in zip(stand, order.keys, strict=True))


def _read(value: Any, kind: type) -> Any:
    if kind is int and type(value) is int and abs(value) <= LARGEST_ID:
        return value
    if kind is date and type(value) is str:
        return date.fromisoformat(value)
    if kind is datetime and type(value) is str and (moment := datetime.fromisoformat(value)).tzinfo:
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            pass
    raise ValueError("not a value of this order")


def beyond(order: Order, stand: Sequence[Any]) -> Q:
    """Rows behind *stand*. The first condition is implied by the rest and lets an index be used."""
    side = "lt" if order.backwards else "gt"
    names = [name for name, _ in order.keys]
    behind, same = Q(), dict[str, Any]()
    for name, value in zip(names, stand, strict=True):
        behind |= Q(**same, **{f"{name}__{side}": value})
        same[name] = value
    return Q(**{f"{names[0]}__{side}{'e' if len(names) > 1 else ''}": stand[0]}) & behind
