"""A person's plan as the API writes it: plain dicts out of a situation. No query, no token, no card number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aggregator.addresses import absolute, api_path
from planner import badges, situation
from planner.clashes import Clash
from planner.models import Card, Entry, Link, Ticket
from planner.models.entry import Copied
from planner.situation import Situation

Json = dict[str, Any]


def plan(whole: Situation) -> list[Json]:
    """Every entry, in order of time."""
    problems = situation.clashes_of(whole.entries)
    showings = {one.pk: one.showing_id for one in whole.entries}
    return [_entry(whole, one, problems.get(one.pk, ()), showings) for one in whole.entries]


def tickets(rows: Sequence[Ticket], planned: frozenset[int | None]) -> list[Json]:
    """Tickets; *planned* are the ids of the showings in the plan."""
    return [
        {
            **_copy(one),
            "card": one.card.tail,
            "in_plan": one.showing_id is not None and one.showing_id in planned,
            "seen_at": moment(one.seen_at),
        }
        for one in rows
    ]


def card(row: Card) -> Json:
    """A card by its last digits."""
    return {
        "id": row.pk,
        "ends_in": row.tail,
        "own": row.own,
        "kinds": row.kinds,
        "valid_from": moment(row.begins_at),
        "valid_until": moment(row.ends_at),
        "read_at": moment(row.read_at),
        "problem": row.reason or None,
    }


def link(row: Link | None, possible: bool) -> Json:
    """How it stands with the festival's account; *possible* says whether this site can link at all."""
    if row is None:
        return {"linked": False, "possible": possible}
    return {
        "linked": True,
        "possible": possible,
        "state": row.state,
        "linked_at": moment(row.linked_at),
        "read_at": moment(row.pulled_at),
        "next_at": moment(row.next_at),
        "problem": row.reason or None,
    }


def moment(value: datetime | None) -> str | None:
    """UTC, as everywhere in the API."""
    return None if value is None else value.isoformat(timespec="seconds").replace("+00:00", "Z")


def _copy(row: Copied) -> Json:
    return {
        "showing": row.showing_id,
        "showing_url": absolute(api_path("showings", row.showing_id)) if row.showing_id else None,
        "provider": row.provider,
        "external_id": row.external_id,
        "titles": row.titles,
        "starts_at": situation.local(row.starts_at, row.zone).isoformat() if row.starts_at else None,
        "ends_at": situation.local(row.ends_at, row.zone).isoformat() if row.ends_at else None,
        "timezone": row.zone,
        "venue": row.venue_name,
    }


def _entry(
    whole: Situation, row: Entry, problems: Sequence[Clash], showings: Mapping[int, int | None]
) -> Json:
    kinds = situation.obstacles(row, problems, whole.entries)
    question = getattr(row, "question", None)
    return {
        **_copy(row),
        "intent": row.intent,
        "ticket": row.ticket,
        "obstacle": badges.obstacle(kinds),
        "obstacles": [str(one) for one in kinds],
        "clashes": [
            {
                "showing": showings[one.second.key if one.first.key == row.pk else one.first.key],
                "kind": str(one.kind),
                "minutes": one.minutes,
            }
            for one in problems
        ],
        "state": row.state,
        "sync": str(whole.standing(row)),
        "problem": whole.reason(row) or None,
        "question": {"here": str(row.local), "there": question.remote} if question else None,
        "edited_at": moment(row.edited_at),
    }
