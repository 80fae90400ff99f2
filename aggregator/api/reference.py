"""``/api/v1/docs/``: the reference for people, rendered from the schema. No script, nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.gzip import gzip_page

from aggregator.addresses import absolute
from aggregator.api.deprecations import NOTICE
from aggregator.api.fields import Json, Schema
from aggregator.api.problems import CODES
from aggregator.api.schema import document
from aggregator.api.views import INDEX


@dataclass(frozen=True, slots=True)
class Term:
    """A line of a table: a parameter, a field or a problem. *values* are the words that it may hold."""

    name: str
    type: str
    about: str
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class OperationText:
    """One operation for the template. *example* is an address to try, *answer* what comes of it."""

    anchor: str
    method: str
    path: str
    summary: str
    about: tuple[str, ...]
    parameters: tuple[Term, ...]
    example: str
    answer: str
    forms: tuple[str, ...]
    deprecated: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """All operations on one kind of object."""

    name: str
    operations: tuple[OperationText, ...]


@dataclass(frozen=True, slots=True)
class ObjectText:
    """An object of the schema with its fields."""

    name: str
    about: str
    fields: tuple[Term, ...]


@method_decorator(gzip_page, name="dispatch")
class Reference(View):
    """The page. It is the same for everybody and changes with the code alone, so it holds no secret to compress."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        """All operations by kind, then the objects, then the problems."""
        context = {
            "chapters": chapters(),
            "objects": objects(),
            "problems": [
                Term(code, str(status), about, (title,)) for code, (status, title, about) in CODES.items()
            ],
            "version": document()["info"]["version"],
            "base": absolute("/api/v1/"),
            "notice_days": NOTICE.days,
            "deprecated": [one for chapter in chapters() for one in chapter.operations if one.deprecated],
        }
        return render(request, "api/reference.html", context)


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """Every operation of the schema, by tag, in the order of the index."""
    found: dict[str, list[OperationText]] = {}
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            found.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    names = sorted(found, key=lambda name: INDEX.index(name) if name in INDEX else -1)
    return tuple(Chapter(name, tuple(found[name])) for name in names)


@lru_cache(maxsize=1)
def objects() -> tuple[ObjectText, ...]:
    """Every object of the schema that has fields of its own."""
    schemas: Mapping[str, Json] = document()["components"]["schemas"]
    return tuple(
        ObjectText(name, schema.get("description", ""), tuple(_fields(schema["properties"])))
        for name, schema in schemas.items()
        if schema.get("properties") and not name.endswith("Page")
    )


def _operation(path: str, method: str, operation: Json) -> OperationText:
    parameters = operation.get("parameters", [])
    content: Json = next(
        (one.get("content", {}) for code, one in operation["responses"].items() if code[0] == "2"), {}
    )
    example = next((one["example"] for one in content.values() if "example" in one), None)
    return OperationText(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary") or operation["operationId"],
        about=tuple(part for part in operation.get("description", "").split("\n\n") if part),
        parameters=tuple(_parameter(one) for one in parameters),
        example="" if method != "get" or "{" in path else absolute(_address(path, parameters)),
        answer=json.dumps(example, ensure_ascii=False, indent=2) if example is not None else "",
        forms=tuple(content),
        deprecated=bool(operation.get("deprecated")),
    )


def _parameter(given: Json) -> Term:
    schema = given["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return Term(
        name=given["name"],
        type=type_of(schema),
        about=given.get("description", ""),
        values=tuple(str(value) for value in values),
        required=bool(given.get("required")),
    )


# What an address to try shows: not everything at once.
_SHOWN = frozenset({"page_size", "limit"})


def _address(path: str, parameters: Sequence[Json]) -> str:
    """A first address to try."""
    asked = {}
    for one in parameters:
        example = one.get("example")
        if one.get("required") or (one["name"] in _SHOWN and example is not None):
            asked[one["name"]] = example[0] if isinstance(example, list) else example
    return path + (f"?{urlencode(asked)}" if asked else "")


def _fields(properties: Mapping[str, Json]) -> Iterator[Term]:
    for name, schema in properties.items():
        yield Term(name, type_of(schema), schema.get("description", ""), tuple(schema.get("enum") or ()))


def type_of(schema: Schema) -> str:
    """A schema in a few words: ``list of Offer``, ``date-time or null``."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_of(one) for one in schema["anyOf"]))
    kinds: Any = schema.get("type", "any")
    if isinstance(kinds, list):
        return " or ".join(str(schema.get("format", kind)) if kind != "null" else "null" for kind in kinds)
    if kinds == "array":
        return f"list of {type_of(schema['items'])}"
    return str(schema.get("format", kinds))
