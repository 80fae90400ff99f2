"""What operations refer to by name: objects, parts of objects, problems, headers."""

from collections.abc import Mapping

from aggregator.api import images, parts
from aggregator.api.fields import (
    INTEGER,
    LINK,
    MAYBE_LINK,
    TEXT,
    TRUTH,
    Field,
    Json,
    Schema,
    example_of,
    object_schema,
    reference,
    several,
)
from aggregator.api.kinds import films, people, providers, showings, venues
from aggregator.api.problems import CODES
from aggregator.api.resources import RESOURCES, Resource

_PROBLEM = (
    Field(
        "type",
        LINK,
        "What sort of problem this is; stable.",
        "https://events.example/api/v1/docs/#problem-bad-value",
    ),
    Field("title", TEXT, "The same in words.", "Value that cannot be used"),
    Field("status", INTEGER, "The HTTP status.", 400),
    Field("code", {"type": "string", "enum": list(CODES)}, "The last part of `type`; stable.", "bad-value"),
    Field("detail", TEXT, "What to change.", "A day is written like 2026-11-22."),
    Field("parameter", TEXT, "The parameter that is wrong, where one is.", "from"),
    Field("known", several(TEXT), "The names or values that would do, where the list is closed.", []),
    Field("suggestion", TEXT, "The one of them that comes nearest.", ""),
)
PROBLEM_EXAMPLE: Json = {
    field.name: field.example for field in _PROBLEM if field.name not in ("known", "suggestion")
}
_TRAILER = (
    Field("url", LINK, "A page or a player.", "https://video.example/1"),
    Field("label", TEXT, "What it is, or empty.", "Trailer"),
)
_TEXT_MAPS: Mapping[str, Schema] = {
    "Texts": {
        "type": "object",
        "description": "A text per language: keys are ISO 639 codes, or empty where the language is not known.",
        "additionalProperties": {"type": "string"},
    },
    "Images": {
        "type": "object",
        "description": "Addresses of one picture by preset, such as `preview-640x360` or `poster-200x286`.",
        "additionalProperties": {"type": "string", "format": "uri"},
    },
    "Links": {
        "type": "object",
        "description": "Web addresses by label.",
        "additionalProperties": {"type": "string", "format": "uri"},
    },
}


def whole(resource: Resource) -> tuple[Field, ...]:
    """All fields that one object of *resource* has."""
    return (*resource.fields, *resource.further)


def page_of(name: str) -> Json:
    """The envelope of a list of component *name*."""
    return {
        "type": "object",
        "description": "A stretch of a list.",
        "required": ["next", "previous", "results"],
        "properties": {
            "count": {**INTEGER, "description": "How many there are; absent from lists by cursor."},
            "count_is_minimum": {
                **TRUTH,
                "description": "True where there are more than `count` and nobody counted on.",
            },
            "next": {**MAYBE_LINK, "description": "Where the list goes on, or null at its end."},
            "previous": {**MAYBE_LINK, "description": "The page before, or null."},
            "results": several(reference(name)),
        },
    }


def _objects() -> dict[str, Json]:
    made: dict[str, Json] = {}
    for resource in RESOURCES.values():
        about = f"{resource.about} Every field is there, null or empty where unknown, unless `fields` left it out."
        made[resource.component] = object_schema(whole(resource), about, ("id",))
        made[f"{resource.component}Page"] = page_of(resource.component)
    return made


def _parts() -> dict[str, Json]:
    fields: Mapping[str, tuple[tuple[Field, ...], str]] = {
        "Named": (parts.NAMED, "A reference to something that has a name."),
        "Titled": (parts.TITLED, "A reference to something that has titles."),
        "Offer": (parts.OFFER, "A price, a shop, or both."),
        "Filing": (parts.CATEGORY, "A category that an event is filed under."),
        "Credit": (parts.CREDIT, "A name in a role."),
        "Role": (people.ROLE, "A role that a person has in an event or a film."),
        "Selection": (films.SELECTION, "A festival that selected a film."),
        "VenueSummary": (venues.SUMMARY, "What a showing says of a venue."),
        "Moved": (showings.MOVED, "What a showing was before it moved."),
        "Attribute": (people.ATTRIBUTE, "A value from one of a provider's lists."),
        "Picture": (images.PICTURE, "A picture."),
        "Trailer": (_TRAILER, "A film clip."),
    }
    return {
        name: object_schema(these, about, [field.name for field in these])
        for name, (these, about) in fields.items()
    }


SCHEMAS: Mapping[str, Json] = {
    **{name: dict(schema) for name, schema in _TEXT_MAPS.items()},
    **_parts(),
    **_objects(),
    "Provider": object_schema(providers.FIELDS, "A provider that is installed here.", ("id",)),
    "ProviderPage": page_of("Provider"),
    "Problem": object_schema(
        _PROBLEM,
        "A refusal (RFC 9457): branch on `code` or `type`, read `detail`.",
        ("type", "title", "status", "code", "detail"),
    ),
}
_PROBLEM_TEXTS: Mapping[str, str] = {
    "BadRequest": "The query cannot be used: an unknown parameter, a value that cannot be read.",
    "BadKey": "The key in `Authorization` is not known, or there is none where one is needed.",
    "Forbidden": "This is not for whoever asks.",
    "Conflict": "It is understood, and something stands against it; `detail` says what.",
    "UnsupportedMediaType": "Send JSON.",
    "NotFound": "There is nothing here, or nothing that may be seen; or the list has fewer pages.",
    "NotAcceptable": "There is no such form.",
    "Gone": "It was removed for good. Delete your copy.",
    "TooManyRequests": "Too many requests: wait for the seconds in `Retry-After`.",
}
RESPONSES: Mapping[str, Json] = {
    **{
        name: {
            "description": text,
            "content": {
                "application/problem+json": {"schema": reference("Problem"), "example": PROBLEM_EXAMPLE}
            },
        }
        for name, text in _PROBLEM_TEXTS.items()
    },
    "NotModified": {"description": "What you have is still what there is."},
}
SECURITY: Mapping[str, Json] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of your own, from your account. Nothing needs one; with it you may ask more often.",
    },
}
HEADERS: Mapping[str, Json] = {
    "ETag": {
        "description": (
            "Validator for `If-None-Match`. Strong; of an answer over 1 MB weak, the same until a change is told."
        ),
        "schema": TEXT,
    },
    "LastModified": {
        "description": "When the object, or anything it shows, last changed. Absent for some minutes after a change.",
        "schema": TEXT,
    },
    "ChangesCursor": {
        "description": "Only with JSON Lines: the cursor from which `/changes/` goes on.",
        "schema": TEXT,
    },
    "Link": {"description": "`next` and `prev`, as in the body (RFC 8288).", "schema": TEXT},
}


def example_page(resource: Resource) -> Json:
    """The list that the documentation shows."""
    following = f"https://events.example/api/v1/{resource.name}/?page=2"
    return {"count": 120, "next": following, "previous": None, "results": [example_of(resource.fields)]}
