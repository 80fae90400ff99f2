"""What a person's API keys may do with their plan: nothing, until the person says so key by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied

from aggregator.models import ApiKey
from planner.models import KeyScopes

READ: Final = "plan:read"
WRITE: Final = "plan:write"
SCOPES: Final = (READ, WRITE)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key for a form."""

    id: int
    name: str
    prefix: str
    read: bool
    write: bool


def person_of(request: Any) -> int:
    """The id of the signed-in person. Raises ``PermissionDenied`` where there is none."""
    pk = request.user.pk
    if pk is None:
        raise PermissionDenied
    return int(pk)


def scopes_of(key: int) -> frozenset[str]:
    """What the key with this id may do."""
    found = KeyScopes.objects.values_list("scopes", flat=True).filter(key=key).first()
    return frozenset(found or ()) & frozenset(SCOPES)


def grant(key: int, scopes: Sequence[str]) -> None:
    """Let a key do exactly this. Who may write may read."""
    wanted = sorted({*scopes, *([READ] if WRITE in scopes else [])} & set(SCOPES))
    KeyScopes.objects.update_or_create(key_id=key, defaults={"scopes": wanted})


def keys_of(user: int) -> Sequence[KeyLine]:
    """The working keys of *user* with what they may do. One query."""
    rows = ApiKey.objects.filter(owner=user, revoked_at=None).select_related("plan_scopes").order_by("pk")
    lines = []
    for row in rows:
        scopes = row.plan_scopes.scopes if hasattr(row, "plan_scopes") else []
        lines.append(KeyLine(row.pk, row.name, row.prefix, READ in scopes, WRITE in scopes))
    return lines
