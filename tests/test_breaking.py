"""The gate that tells a breaking change of the schema from an addition, tested on our own schema."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.breaking import SNAPSHOT, breaking
from tests.conftest import ROOT

SCHEMA = yaml.safe_load((ROOT / SNAPSHOT).read_text(encoding="utf-8"))
EVENTS = "/api/v1/events/"


def changed(change: Callable[[Any], Any]) -> list[str]:
    new = copy.deepcopy(SCHEMA)
    change(new)
    return breaking(SCHEMA, new)


def operation(schema: Any) -> Any:
    return schema["paths"][EVENTS]["get"]


def parameter(schema: Any, name: str) -> Any:
    return next(one for one in operation(schema)["parameters"] if one["name"] == name)


def fields(schema: Any, name: str = "Showing") -> Any:
    return schema["components"]["schemas"][name]["properties"]


BREAKS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "path": (lambda s: s["paths"].pop(EVENTS), "GET /api/v1/events/ is gone"),
    "name of an operation": (lambda s: operation(s).update(operationId="x"), "has another operationId"),
    "parameter": (
        lambda s: operation(s)["parameters"].remove(parameter(s, "city")),
        "parameter city is gone",
    ),
    "required": (lambda s: parameter(s, "q").update(required=True), "parameter q is required now"),
    "new required": (
        lambda s: operation(s)["parameters"].append(
            {"name": "key", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        "parameter key is required now",
    ),
    "values taken": (
        lambda s: parameter(s, "ordering")["schema"]["enum"].remove("-id"),
        "no longer takes -id",
    ),
    "items taken": (
        lambda s: parameter(s, "kind")["schema"]["items"]["enum"].remove("talk"),
        "no longer takes talk",
    ),
    "smaller pages": (
        lambda s: parameter(s, "page_size")["schema"].update(maximum=100),
        "takes less: maximum",
    ),
    "shorter texts": (
        lambda s: parameter(s, "q")["schema"]["items"].update(maxLength=10),
        "takes less: maxLength",
    ),
    "status": (lambda s: operation(s)["responses"].pop("200"), "answer 200 is gone"),
    "form": (
        lambda s: operation(s)["responses"]["200"]["content"].pop("text/csv"),
        "no longer comes as text/csv",
    ),
    "field": (lambda s: fields(s).pop("starts_at"), "Showing.starts_at is gone"),
    "part's field": (lambda s: fields(s, "Offer").pop("price"), "Offer.price is gone"),
    "type": (
        lambda s: fields(s)["starts_at"].update(type="integer"),
        "Showing.starts_at may hold another type now",
    ),
    "null": (
        lambda s: fields(s)["starts_at"].update(type=["string", "null"]),
        "Showing.starts_at may hold another type now",
    ),
    "word told": (
        lambda s: fields(s)["availability"]["enum"].append("x"),
        "Showing.availability may hold x now",
    ),
    "always there": (
        lambda s: s["components"]["schemas"]["Showing"].update(required=[]),
        "Showing.id is no longer always there",
    ),
    "alternative": (
        lambda s: fields(s)["event"]["anyOf"].append({"type": "null"}),
        "Showing.event may hold null now",
    ),
}
ADDITIONS: dict[str, Callable[[Any], Any]] = {
    "nothing": lambda s: None,
    "path": lambda s: s["paths"].update({"/api/v1/new/": {"get": operation(s)}}),
    "parameter": lambda s: operation(s)["parameters"].append(
        {"name": "colour", "in": "query", "schema": {"type": "string"}}
    ),
    "value taken": lambda s: parameter(s, "ordering")["schema"]["enum"].append("title"),
    "larger pages": lambda s: parameter(s, "page_size")["schema"].update(maximum=500),
    "status": lambda s: operation(s)["responses"].update({"410": {"description": "gone"}}),
    "form": lambda s: operation(s)["responses"]["200"]["content"].update({"text/x": {"schema": {}}}),
    "field": lambda s: fields(s).update(colour={"type": "string"}),
    "never null": lambda s: fields(s)["ends_at"].update(type="string"),
    "word": lambda s: fields(s)["starts_at"].update(description="another"),
    "summary": lambda s: operation(s).update(summary="another", description="another"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_is_found(name: str) -> None:
    change, line = BREAKS[name]
    found = changed(change)
    assert any(line in one for one in found), found


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_is_none(name: str) -> None:
    assert changed(ADDITIONS[name]) == []


def test_what_was_deprecated_may_go() -> None:
    old = copy.deepcopy(SCHEMA)
    fields(old)["number"]["deprecated"] = True
    parameter(old, "city")["deprecated"] = True
    old["paths"]["/api/v1/venues/"]["get"]["deprecated"] = True
    new = copy.deepcopy(SCHEMA)
    fields(new).pop("number")
    operation(new)["parameters"].remove(parameter(new, "city"))
    new["paths"].pop("/api/v1/venues/")
    assert breaking(old, new) == []
