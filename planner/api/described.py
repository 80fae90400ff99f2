"""What ``/api/v1/me/`` says of itself in the OpenAPI document: its operations and objects, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from aggregator.addresses import api_path
from aggregator.api.fields import (
    ID,
    INTEGER,
    MAYBE_LINK,
    MAYBE_MOMENT,
    MAYBE_TEXT,
    MOMENT,
    TEXT,
    TEXTS,
    TRUTH,
    Field,
    Json,
    Schema,
    example_of,
    maybe,
    object_schema,
    reference,
    several,
    word_of,
)
from aggregator.api.formats import MEDIA
from aggregator.api.schema import operations
from planner.clashes import Kind
from planner.situation import Standing
from planner.vocabulary import Intent, LinkState, Obstacle, ShowingState, Side, TicketMark

_MAYBE_ID: Schema = {"type": ["integer", "null"], "format": "int64"}
_COPY = (
    Field("showing", _MAYBE_ID, "Our id of the showing; null where it is not here any more.", 4711),
    Field("showing_url", MAYBE_LINK, "It in the API.", "https://events.example/api/v1/showings/4711/"),
    Field("provider", TEXT, "Who published it.", "lantern"),
    Field("external_id", TEXT, "The provider's own id.", "17042"),
    Field("titles", TEXTS, "Its titles per language, as the plan keeps them.", {"sv": "Nattlinjen"}),
    Field("starts_at", MAYBE_MOMENT, "When it begins.", "2026-11-22T18:00:00+01:00"),
    Field("ends_at", MAYBE_MOMENT, "When it ends.", "2026-11-22T19:52:00+01:00"),
    Field("timezone", TEXT, "The zone of both.", "Europe/Stockholm"),
    Field("venue", TEXT, "Where.", "Skandia"),
)
_CLASH = (
    Field("showing", _MAYBE_ID, "The other showing.", 4712),
    Field("kind", word_of(Kind), "`overlap`: both at once; `way`: no time to get there.", "way"),
    Field("minutes", INTEGER, "How many minutes they overlap or lack.", 10),
)
_QUESTION = (
    Field("here", word_of(Side), "What stands here.", "plain"),
    Field("there", word_of(Side), "What stands at the festival.", "absent"),
)
_ENTRY = (
    *_COPY,
    Field("intent", word_of(Intent), "How much the person wants to be there.", "must"),
    Field("ticket", word_of(TicketMark), "What is said of a ticket.", "needed"),
    Field("obstacle", word_of(Obstacle), "What stands in the way most.", "none"),
    Field("obstacles", several(word_of(Obstacle)), "All that stands in the way.", []),
    Field(
        "clashes", several(object_schema(_CLASH, "A clash.")), "With what else of the plan it clashes.", []
    ),
    Field("state", word_of(ShowingState), "What became of the showing.", "scheduled"),
    Field("sync", word_of(Standing), "How it stands with the festival's own plan.", "in_step"),
    Field("problem", MAYBE_TEXT, "Why the last edit did not reach the festival, as a code.", None),
    Field(
        "question",
        maybe(object_schema(_QUESTION, "Both sides were changed.")),
        "What has to be answered, with `answer`, before both sides agree.",
        None,
    ),
    Field("edited_at", MAYBE_MOMENT, "When it was last edited.", "2026-11-20T08:15:00Z"),
)
_TICKET = (
    *_COPY,
    Field("card", TEXT, "The last digits of the card that it is on.", "0042"),
    Field("in_plan", TRUTH, "Whether the plan has the showing.", True),
    Field("seen_at", MAYBE_MOMENT, "When it was last read.", "2026-11-22T15:00:00Z"),
)
_CARD = (
    Field("id", ID, "Our id.", 3),
    Field("ends_in", TEXT, "Its last digits; nobody is told the rest.", "0042"),
    Field("own", TRUTH, "Whether it is the linked account's own, not one that was typed in.", True),
    Field("kinds", TEXTS, "What it is, per language.", {"en": "Membership"}),
    Field("valid_from", MAYBE_MOMENT, "From when it is valid.", None),
    Field("valid_until", MAYBE_MOMENT, "Until when.", None),
    Field("read_at", MAYBE_MOMENT, "When its tickets were last read.", "2026-11-22T15:00:00Z"),
    Field("problem", MAYBE_TEXT, "Why they could not be read, as a code.", None),
)
_LINK = (
    Field("linked", TRUTH, "Whether the account is linked to the festival's.", True),
    Field("possible", TRUTH, "Whether this site can link at all.", True),
    Field("state", word_of(LinkState), "`relink`: the person has to approve anew.", "linked"),
    Field("linked_at", MAYBE_MOMENT, "When it was linked.", "2026-11-20T08:15:00Z"),
    Field("read_at", MAYBE_MOMENT, "When the festival's plan was last read.", "2026-11-22T15:00:00Z"),
    Field("next_at", MAYBE_MOMENT, "When it will be read next.", "2026-11-22T15:10:00Z"),
    Field("problem", MAYBE_TEXT, "Why it could not be read, as a code.", None),
)
_ADDED = (
    Field("showing", {**ID, "minimum": 1}, "Our id of the showing.", 4711),
    Field("intent", maybe(word_of(Intent)), "How much; `want` unless said.", "must"),
)
_EDIT = (
    Field("intent", maybe(word_of(Intent)), "How much.", "going"),
    Field("ticket", maybe(word_of(TicketMark)), "A mark on the ticket.", "held"),
    Field(
        "answer",
        {"type": ["string", "null"], "enum": ["keep", "take", None]},
        "To `question`: keep what stands here, or take what stands at the festival.",
        None,
    ),
)
_NUMBER = (Field("number", {**TEXT, "maxLength": 100}, "The number on the card.", "1234 5678 9012 0042"),)


def _page_of(name: str) -> Json:
    fields = (
        Field("count", INTEGER, "How many there are.", 1),
        Field("next", {"type": "null"}, "There are no pages.", None),
        Field("previous", {"type": "null"}, "There are no pages.", None),
        Field("results", several(reference(name)), "All of them.", []),
    )
    return object_schema(fields, "All there are.", ("count", "results"))


def _object(fields: Sequence[Field], about: str) -> Json:
    return object_schema(fields, about, [field.name for field in fields])


SCHEMAS: Mapping[str, Json] = {
    "PlanEntry": _object(_ENTRY, "A showing in a person's plan, with a copy of its title, time and place."),
    "PlanEntryPage": _page_of("PlanEntry"),
    "PlanTicket": _object(_TICKET, "A ticket that was found on a card."),
    "PlanTicketPage": _page_of("PlanTicket"),
    "PlanCard": _object(_CARD, "A membership card, by its last digits."),
    "PlanCardPage": _page_of("PlanCard"),
    "PlanLink": object_schema(_LINK, "How it stands with the festival's account.", ("linked", "possible")),
    "NewPlanEntry": object_schema(_ADDED, "What is added to the plan.", ("showing",)),
    "PlanEntryEdit": object_schema(_EDIT, "What is changed; what is left out or null stays."),
    "NewPlanCard": object_schema(_NUMBER, "A card that is typed in.", ("number",)),
}
_EXAMPLES: Mapping[str, Any] = {
    "PlanEntry": example_of(_ENTRY),
    "PlanTicket": example_of(_TICKET),
    "PlanCard": example_of(_CARD),
    "PlanLink": example_of(_LINK),
    "NewPlanEntry": example_of(_ADDED),
    "PlanEntryEdit": {"ticket": "held"},
    "NewPlanCard": example_of(_NUMBER),
    **{
        f"{name}Page": {"count": 1, "next": None, "previous": None, "results": [example_of(fields)]}
        for name, fields in (("PlanEntry", _ENTRY), ("PlanTicket", _TICKET), ("PlanCard", _CARD))
    },
}
_WHO = (
    "With the session of whoever it belongs to (and its CSRF token to change anything), or with a key that its owner "
    "let read (`plan:read`) or change (`plan:write`) the plan."
)
_BY_PERSON = "With a session alone: no key may do this."


def _body(name: str) -> Json:
    content = {MEDIA["json"]: {"schema": reference(name), "example": _EXAMPLES[name]}}
    return {"requestBody": {"required": True, "content": content}}


def _told(name: str, **further: Any) -> Json:
    content = {MEDIA["json"]: {"schema": reference(name), "example": _EXAMPLES[name]}}
    return {"description": "Here it is.", "content": content, **further}


_GONE: Json = {"description": "Done; there is nothing more to say."}


def _operation(
    identity: str, summary: str, answers: Mapping[str, Json], *refused: str, **further: Any
) -> Json:
    return {
        "operationId": identity,
        "tags": ["me"],
        "summary": summary,
        "description": further.pop("about", _WHO),
        "parameters": further.pop("parameters", []),
        "security": [{"key": []}, {"session": []}],
        "responses": {**answers, **operations.refusals("403", *refused)},
        **further,
    }


def _in_path(name: str, example: int) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {**ID, "minimum": 1}, "example": example}


_SHOWING, _CARD_ID = _in_path("showing", 4711), _in_path("card", 3)
_CONFIRM: Json = {
    "name": "confirm",
    "in": "query",
    "description": "`true` to remove an entry for which there is a ticket.",
    "schema": {"type": "string", "enum": ["true", "false"]},
    "example": "true",
}
_INDEX_NAMES = ("plan", "tickets", "cards", "link", "export")
_INDEX: Json = {
    "description": "Here it is.",
    "content": {
        MEDIA["json"]: {
            "schema": {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
            "example": {name: f"https://events.example{api_path('me')}{name}/" for name in _INDEX_NAMES},
        }
    },
}
_EXPORT: Json = {
    "description": "Here it is.",
    "content": {
        MEDIA["json"]: {
            "schema": {"type": "object", "properties": {"exported_at": dict(MOMENT)}},
            "example": {"exported_at": "2026-11-22T15:00:00Z"},
        }
    },
}
_ENTRY_LINK: Json = {
    "links": {
        "entry": {"operationId": "getPlanEntry", "parameters": {"showing": "$response.body#/showing"}},
    }
}
_TO_ENTRY: Json = {"parameters": [_SHOWING]}
_TO_CARD: Json = {"parameters": [_CARD_ID]}
_PLAN = api_path("me") + "plan/"
_CARDS = api_path("me") + "cards/"

#: Every operation, by path and method.
OPERATIONS: Mapping[tuple[str, str], Json] = {
    (api_path("me"), "GET"): _operation("me", "What there is of one's own", {"200": _INDEX}),
    (_PLAN, "GET"): _operation("listPlan", "The whole plan", {"200": _told("PlanEntryPage")}),
    (_PLAN, "POST"): _operation(
        *("addToPlan", "Add a showing", {"201": _told("PlanEntry", **_ENTRY_LINK)}, "404", "409", "415"),
        **_body("NewPlanEntry"),
    ),
    (_PLAN + "{showing}/", "GET"): _operation(
        "getPlanEntry", "One entry", {"200": _told("PlanEntry")}, "404", **_TO_ENTRY
    ),
    (_PLAN + "{showing}/", "PATCH"): _operation(
        *("editPlanEntry", "Change an entry", {"200": _told("PlanEntry"), "204": _GONE}, "404", "409", "415"),
        **_TO_ENTRY,
        **_body("PlanEntryEdit"),
    ),
    (_PLAN + "{showing}/", "DELETE"): _operation(
        *("removeFromPlan", "Remove an entry", {"204": _GONE}, "404", "409", "415"),
        parameters=[_SHOWING, _CONFIRM],
    ),
    (api_path("me") + "tickets/", "GET"): _operation(
        "listTickets", "Every ticket that is known", {"200": _told("PlanTicketPage")}
    ),
    (_CARDS, "GET"): _operation("listCards", "Cards by their last digits", {"200": _told("PlanCardPage")}),
    (_CARDS, "POST"): _operation(
        "addCard", "Type in a card", {"201": _told("PlanCard")}, "415", **_body("NewPlanCard")
    ),
    (_CARDS + "{card}/", "GET"): _operation(
        "getCard", "One card", {"200": _told("PlanCard")}, "404", **_TO_CARD
    ),
    (_CARDS + "{card}/", "DELETE"): _operation(
        "forgetCard", "Forget a card that was typed in", {"204": _GONE}, "404", "415", **_TO_CARD
    ),
    (api_path("me") + "link/", "GET"): _operation(
        "getLink", "How it stands with the festival's account", {"200": _told("PlanLink")}
    ),
    (api_path("me") + "link/", "DELETE"): _operation(
        "unlink", "Unlink; the plan stays", {"204": _GONE}, "415", about=_BY_PERSON
    ),
    (api_path("me") + "export/", "GET"): _operation(
        "exportMe", "Everything that is kept about the person", {"200": _EXPORT}, about=_BY_PERSON
    ),
}


class Described(AutoSchema):
    """Takes operations from the table; what is not in it is no part of the document."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Json | None:
        """The operation object of *method* on *path*, or None."""
        return OPERATIONS.get((path, method))


def add_components(result: Json, generator: SchemaGenerator, request: Any, public: bool) -> Json:
    """Put in what these operations refer to, and how a session is shown. A hook of drf-spectacular's."""
    components = result["components"]
    components["schemas"] = dict(sorted({**components["schemas"], **SCHEMAS}.items()))
    components["securitySchemes"]["session"] = {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The session of a signed-in person, for pages of this site.",
    }
    return result
