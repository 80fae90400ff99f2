"""``/api/v1/changes/``: what happened, in an order from which a mirror can be kept exactly."""

from datetime import UTC
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from aggregator import changes
from aggregator.addresses import absolute, api_path
from aggregator.api.fields import (
    ID,
    LINK,
    MOMENT,
    TEXT,
    Field,
    Json,
    example_of,
    object_schema,
    several,
    word_of,
)
from aggregator.api.problems import Gone, Problem
from aggregator.api.questions import number, refuse_unknown, single
from aggregator.api.schema import operations, parameters
from aggregator.api.views import Reading
from aggregator.changes import feed
from aggregator.models import Change
from aggregator.vocabulary import ChangeAction, Kind

LIMIT, LARGEST_LIMIT = 200, 1000
NAMES = ("after", "limit", "format")
_KIND = {"type": "string", "enum": sorted(changes.PLURALS.values())}
FIELDS = (
    Field("cursor", TEXT, "The place behind this change.", "0.0.2f"),
    Field("kind", _KIND, "Which list the object is in.", "events"),
    Field("id", ID, "The object's id.", 4711),
    Field(
        "action",
        word_of(ChangeAction),
        "What happened. `seats` is told at most once in 15 minutes for an object; of an object that was `withdrawn`, "
        "`hidden` or `forgotten` drop your copy.",
        "updated",
    ),
    Field("at", MOMENT, "When.", "2026-11-22T15:00:00.000Z"),
    Field("url", LINK, "The object in the API.", "https://events.example/api/v1/events/4711/"),
)
_ANSWER = (
    Field("results", several(object_schema(FIELDS, "A change.")), "Changes in order.", [example_of(FIELDS)]),
    Field("next_cursor", TEXT, "What to give as `after` next time; keep it.", "0.0.2f"),
)


class Changes(Reading):
    """Changes in order. One that is here was committed, and nothing will appear before it any more."""

    def describe(self) -> Json:
        """See ``Reading``."""
        limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": LIMIT}
        going_on = {"operationId": "listChanges", "parameters": {"after": "$response.body#/next_cursor"}}
        return operations.operation(
            "listChanges",
            "changes",
            "Follow the changes",
            "What happened to which object, without gaps and in an order from which a mirror can be kept exactly: ask "
            "again with the last `next_cursor`, and fetch or drop what is named. An object is named when its own "
            "fields change or when it comes into or goes out of the lists; what it repeats of others is told as "
            f"theirs. Changes are kept for {feed.KEPT.days} days; an older cursor gets 410: start again from a "
            "snapshot.",
            parameters=[
                parameters.query(
                    "after", TEXT, "The `next_cursor` of the last answer. Without it: the oldest kept."
                ),
                parameters.query("limit", limit, "Changes at a time.", 100),
                parameters.format_of(("json",)),
                parameters.IF_NONE_MATCH,
            ],
            answer=operations.answer(
                object_schema(_ANSWER, "A stretch of the feed.", ("results", "next_cursor")),
                example_of(_ANSWER),
                links={"on": going_on},
            ),
            refused=("304", "410"),
        )

    def get(self, request: Request) -> HttpResponse:
        """Up to ``limit`` changes behind the cursor ``after``; without one, from the oldest that is kept."""
        values = dict(request.query_params.lists())
        refuse_unknown(values, NAMES)
        limit = number(values, "limit", LIMIT, LARGEST_LIMIT)
        try:
            found, cursor, era = feed.follow(single(values, "after"), limit)
        except feed.BadCursor as error:
            raise Problem("bad-cursor", f"{error} {_RESTART}", parameter="after") from None
        except feed.Expired:
            sentence = f"Changes are kept for {feed.KEPT.days} days, and this cursor is older. {_RESTART}"
            raise Gone(sentence) from None
        return self.told(request, {"results": [told(each, era) for each in found], "next_cursor": cursor})


_RESTART = (
    "Start again from a snapshot: /api/v1/<kind>/?format=jsonl for each kind of object; the header Changes-Cursor of "
    "the first names the cursor to go on from."
)


def told(change: Change, era: str) -> dict[str, Any]:
    """A change as the feed and the webhooks write it: ids and a link, no body."""
    kind = changes.PLURALS[Kind(change.kind)]
    return {
        "cursor": feed.written(feed.place_of(change), era),
        "kind": kind,
        "id": change.row,
        "action": change.action,
        "at": change.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "url": absolute(api_path(kind, change.row)),
    }
