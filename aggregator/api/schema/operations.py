"""The operations of resources: one list and one object of each kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.api.fields import ID, Field, Json, Schema, example_of, reference
from aggregator.api.formats import MEDIA
from aggregator.api.resources import Resource
from aggregator.api.schema import parameters
from aggregator.api.schema.components import example_page, whole

COMPLETE = (
    "For a complete reading use `ordering=id` with `cursor`, and keep it up to date with `/changes/`. "
    "Other orders and page numbers are for people: what comes or goes meanwhile can be missed or met twice."
)


_RESPONSES: Mapping[str, str] = {
    "304": "NotModified",
    "400": "BadRequest",
    "401": "BadKey",
    "403": "Forbidden",
    "404": "NotFound",
    "406": "NotAcceptable",
    "409": "Conflict",
    "410": "Gone",
    "415": "UnsupportedMediaType",
    "429": "TooManyRequests",
}
_USUAL = ("400", "401", "406", "429")


def refusals(*further: str) -> Json:
    """What an operation can refuse with, by status; *further* are statuses beside those of any."""
    return {status: reference_to_response(_RESPONSES[status]) for status in sorted({*_USUAL, *further})}


def reference_to_response(name: str) -> Json:
    """One of the document's responses by its name."""
    return {"$ref": f"#/components/responses/{name}"}


def operation(
    identity: str,
    tag: str,
    summary: str,
    about: str,
    *,
    parameters: Sequence[Json],
    answer: Json,
    refused: Sequence[str] = (),
) -> Json:
    """An operation object. *answer* is the response under 200; *refused* are statuses beside those of any."""
    return {
        "operationId": identity,
        "tags": [tag],
        "summary": summary,
        "description": about,
        "parameters": list(parameters),
        "security": [{}, {"key": []}],
        "responses": {"200": answer, **refusals(*refused)},
    }


def answer(schema: Schema, example: Any, headers: Sequence[str] = ("ETag",), **further: Any) -> Json:
    """A JSON answer with what its headers and links are."""
    names = {"LastModified": "Last-Modified"}
    return {
        "description": "Here it is.",
        "headers": {names.get(one, one): {"$ref": f"#/components/headers/{one}"} for one in headers},
        "content": {MEDIA["json"]: {"schema": dict(schema), "example": example}},
        **further,
    }


def list_of(resource: Resource) -> Json:
    """The operation that lists a resource."""
    given = [parameters.FILTERS[name] for name in resource.filters]
    told = answer(
        reference(f"{resource.component}Page"),
        example_page(resource),
        ("ETag", "Link"),
        links={"one": _link(resource, "$response.body#/results/0/id")},
    )
    told["headers"]["Changes-Cursor"] = {"$ref": "#/components/headers/ChangesCursor"}
    told["content"] |= {MEDIA[form]: _FURTHER[form] for form in resource.formats if form != "json"}
    return operation(
        f"list{resource.name.capitalize()}",
        resource.name,
        f"List {resource.name}",
        f"{resource.about}\n\n{COMPLETE}",
        parameters=[
            *given,
            *parameters.PAGING.values(),
            parameters.ordering_of(resource),
            parameters.fields_of(resource.fields),
            *parameters.expand_of(resource),
            parameters.format_of(resource.formats),
            parameters.IF_NONE_MATCH,
        ],
        answer=told,
        refused=("304", "404"),
    )


def one_of(resource: Resource, links: Mapping[str, Json]) -> Json:
    """The operation that gives one object of a resource."""
    told = answer(
        reference(resource.component),
        example_of(whole(resource)),
        ("ETag", "LastModified"),
        links=dict(links),
    )
    told["content"] |= {MEDIA[form]: _FURTHER[form] for form in resource.alone if form != "json"}
    return operation(
        f"get{resource.component}",
        resource.name,
        f"One {resource.one}",
        "Also when it was withdrawn: `status` says so. What was hidden is not there (404), what was forgotten is "
        "gone for good (410).",
        parameters=[
            {"name": "id", "in": "path", "required": True, "schema": {**ID, "minimum": 1}, "example": 4711},
            parameters.fields_of(whole(resource)),
            *parameters.expand_of(resource),
            parameters.format_of(resource.alone),
            parameters.IF_NONE_MATCH,
            parameters.IF_MODIFIED_SINCE,
        ],
        answer=told,
        refused=("304", "404", "410"),
    )


def links_of(resource: Resource, resources: Mapping[str, Resource]) -> Json:
    """Where one object leads to: the objects that it refers to."""
    leads = {"event": "events", "film": "films", "festival": "festivals", "organisation": "organisations"}
    names = [field.name for field in resource.fields]
    return {
        name: _link(resources[kind], f"$response.body#/{name}/id")
        for name, kind in leads.items()
        if name in names
    }


def _link(resource: Resource, expression: str) -> Json:
    return {"operationId": f"get{resource.component}", "parameters": {"id": expression}}


def index(body: Mapping[str, str]) -> Json:
    """The operation that names all lists."""
    schema: Schema = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
    return operation(
        "index",
        "index",
        "What there is",
        "The lists and their addresses.",
        parameters=[parameters.format_of(("json",)), parameters.IF_NONE_MATCH],
        answer=answer(schema, dict(body), ("ETag", "Link")),
        refused=("304",),
    )


def providers(fields: Sequence[Field]) -> Json:
    """The operation that lists the providers."""
    example = {"count": 1, "next": None, "previous": None, "results": [example_of(fields)]}
    return operation(
        "listProviders",
        "providers",
        "List providers",
        "Who publishes here, how to name them, and when each was last read. There are no pages.",
        parameters=[parameters.fields_of(fields), parameters.format_of(("json",)), parameters.IF_NONE_MATCH],
        answer=answer(
            reference("ProviderPage"),
            example,
            links={
                "one": {"operationId": "getProvider", "parameters": {"slug": "$response.body#/results/0/id"}},
            },
        ),
        refused=("304",),
    )


def provider(fields: Sequence[Field]) -> Json:
    """The operation that gives one provider."""
    return operation(
        "getProvider",
        "providers",
        "One provider",
        "Who it is, how to name it, and when it was last read.",
        parameters=[
            {
                "name": "slug",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "example": "lantern",
            },
            parameters.fields_of(fields),
            parameters.format_of(("json",)),
            parameters.IF_NONE_MATCH,
        ],
        answer=answer(reference("Provider"), example_of(fields)),
        refused=("304", "404"),
    )


_FURTHER: Mapping[str, Json] = {
    "jsonl": {"schema": {"type": "string"}, "example": '{"id": 4711}\n'},
    "ics": {"schema": {"type": "string"}, "example": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"},
    "jsonld": {
        "schema": {
            "type": "object",
            "required": ["@context", "@graph"],
            "properties": {
                "@context": {"type": "string"},
                "@graph": {"type": "array", "items": {"type": "object"}},
            },
        },
        "example": {"@context": "https://schema.org", "@graph": [{"@type": "Movie", "name": "Nattlinjen"}]},
    },
    "csv": {"schema": {"type": "string"}, "example": "id,provider,external_id\r\n4711,lantern,17042\r\n"},
    "geojson": {
        "schema": {
            "type": "object",
            "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": {"type": "object"}},
            },
        },
        "example": {"type": "FeatureCollection", "features": []},
    },
}
