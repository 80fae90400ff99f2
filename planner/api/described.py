"""What ``/api/v1/me/`` says of itself in the OpenAPI document: its operations."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from aggregator.addresses import api_path
from aggregator.api.fields import ID, MOMENT, Json, reference
from aggregator.api.formats import MEDIA
from aggregator.api.schema import operations, parameters
from planner.api.objects import EXAMPLES, SCHEMAS

_WHO = (
    "With the session of whoever it belongs to (and its CSRF token to change anything), or with a key that its owner "
    "let read (`plan:read`) or change (`plan:write`) the plan."
)
_BY_PERSON = "With a session alone: no key may do this."


def _body(name: str) -> Json:
    content = {MEDIA["json"]: {"schema": reference(name), "example": EXAMPLES[name]}}
    return {"requestBody": {"required": True, "content": content}}


def _told(name: str, **further: Any) -> Json:
    content = {MEDIA["json"]: {"schema": reference(name), "example": EXAMPLES[name]}}
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
        "parameters": [*further.pop("parameters", []), parameters.format_of(("json",))],
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
        "addToPlan",
        "Add a showing",
        {"201": _told("PlanEntry", **_ENTRY_LINK)},
        "404",
        "409",
        "415",
        **_body("NewPlanEntry"),
    ),
    (_PLAN + "{showing}/", "GET"): _operation(
        "getPlanEntry", "One entry", {"200": _told("PlanEntry")}, "404", **_TO_ENTRY
    ),
    (_PLAN + "{showing}/", "PATCH"): _operation(
        "editPlanEntry",
        "Change an entry",
        {"200": _told("PlanEntry"), "204": _GONE},
        "404",
        "409",
        "415",
        **_TO_ENTRY,
        **_body("PlanEntryEdit"),
    ),
    (_PLAN + "{showing}/", "DELETE"): _operation(
        "removeFromPlan",
        "Remove an entry",
        {"204": _GONE},
        "404",
        "409",
        "415",
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
