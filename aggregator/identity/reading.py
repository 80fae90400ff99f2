"""What is linked to a row, for pages and the API."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from aggregator.identity.gathering import credit_key
from aggregator.models import Event, Film, IdentityLink, Person, Venue
from aggregator.vocabulary import Kind, LinkState

SHOWN = (LinkState.LINKED, LinkState.SAME)
MOST = 20
_MODELS: dict[str, Any] = {Kind.FILM: Film, Kind.EVENT: Event, Kind.VENUE: Venue, Kind.PERSON: Person}


def elsewhere(kind: Kind, provider: str, external_id: str) -> tuple[Any, ...]:
    """Public rows that speak of the same thing as this one, at most MOST, the surest first.

    One query for the links and one for each kind found, which are three at most. Credits are no rows: see
    ``credited``. It does not follow links of links.
    """
    ends: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for link in _links(kind, provider, external_id):
        other = _far_end(link, (provider, str(kind), external_id))
        if other[1] in _MODELS:
            ends[other[1]][other[0], other[2]] = link.score
    found = [(score, row) for each, wanted in ends.items() for score, row in _rows(each, wanted)]
    return tuple(row for _, row in sorted(found, key=lambda pair: (-pair[0], pair[1].pk))[:MOST])


def _links(kind: Kind, provider: str, external_id: str) -> list[IdentityLink]:
    left = Q(left_provider=provider, left_kind=kind, left_external_id=external_id)
    right = Q(right_provider=provider, right_kind=kind, right_external_id=external_id)
    return list(IdentityLink.objects.filter(left | right, state__in=SHOWN).order_by("-score", "id")[:MOST])


def _far_end(link: IdentityLink, near: tuple[str, str, str]) -> tuple[str, str, str]:
    left = link.left_provider, link.left_kind, link.left_external_id
    right = link.right_provider, link.right_kind, link.right_external_id
    return right if left == near else left


def _rows(kind: str, wanted: dict[tuple[str, str], float]) -> list[tuple[float, Any]]:
    named = Q()
    for provider, external_id in wanted:
        named |= Q(provider=provider, external_id=external_id)
    rows = _MODELS[kind].objects.public().filter(named)
    if kind == Kind.PERSON:
        rows = rows.filter(public=True)
    return [(wanted[row.provider, row.external_id], row) for row in rows]


def credited(credits: Iterable[tuple[Film | Event, str, str]]) -> dict[tuple[str, int, str, str], Person]:
    """The public people that names are linked to: names are given as (film or event, role, name) and found under (kind,
    our id, role, name). Two queries at most.
    """
    asked: dict[tuple[str, str], tuple[str, int, str, str]] = {}
    for owner, role, name in credits:
        kind = str(owner._meta.model_name)
        asked[owner.provider, credit_key(kind, owner.external_id, role, name)] = (kind, owner.pk, role, name)
    keys = [key for _, key in asked]
    left = Q(left_kind="credit", left_external_id__in=keys, left_provider__in={one for one, _ in asked})
    right = Q(right_kind="credit", right_external_id__in=keys, right_provider__in={one for one, _ in asked})
    links = (
        IdentityLink.objects.filter(left | right, state__in=SHOWN).order_by("score", "-id") if keys else ()
    )
    ends: list[tuple[tuple[str, int, str, str], tuple[str, str]]] = []
    for link in links:
        near = (link.left_provider, link.left_kind, link.left_external_id)
        if near[1] != "credit":
            near = (link.right_provider, link.right_kind, link.right_external_id)
        other = _far_end(link, near)
        if other[1] == Kind.PERSON and (near[0], near[2]) in asked:
            ends.append((asked[near[0], near[2]], (other[0], other[2])))
    rows = _rows(Kind.PERSON, {end: 1.0 for _, end in ends}) if ends else []
    known = {(row.provider, row.external_id): row for _, row in rows}
    return {name: known[end] for name, end in ends if end in known}


def works_of(provider: str, external_id: str) -> tuple[Any, ...]:
    """Public films and events in whose credits this person's name stands, where that name is linked to the person.

    One query for the links and one for each of the two kinds.
    """
    wanted: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for link in _links(Kind.PERSON, provider, external_id):
        owner_provider, kind, key = _far_end(link, (provider, str(Kind.PERSON), external_id))
        if kind == "credit":
            owner, _, rest = key.partition(":")
            wanted[owner][owner_provider, rest.rpartition(":")[0]] = link.score
    found = [pair for kind, ends in wanted.items() for pair in _rows(kind, ends)]
    return tuple(row for _, row in sorted(found, key=lambda pair: (-pair[0], pair[1].pk)))
