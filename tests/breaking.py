"""Tells a breaking change of the API's schema from an addition.

``python -m tests.breaking [REVISION]`` compares ``docs/openapi.yaml`` as it is with what it was at *REVISION*, by
default where this branch left ``main``; on ``main`` itself, the commit before. Prints a line per breaking change and
ends with 1 if there is any. What was marked ``deprecated`` in the older schema may go.

Breaking for a reader are: an operation, a parameter, an answer, a form or a field that goes; a parameter that becomes
required or takes fewer values; a field that may hold values that it could not hold before, or that is no longer
always there. Words, examples and additions are not looked at.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.conftest import ROOT

SNAPSHOT = "docs/openapi.yaml"
Json = Mapping[str, Any]


def breaking(old: Json, new: Json) -> list[str]:
    """One line per change from *old* to *new* that can break a program that works with *old*."""
    return list(dict.fromkeys(_operations(old, new)))


def _operations(old: Json, new: Json) -> Iterator[str]:
    for path, item in old.get("paths", {}).items():
        for method, operation in item.items():
            place = f"{method.upper()} {path}"
            now = new.get("paths", {}).get(path, {}).get(method)
            if now is None:
                if not operation.get("deprecated"):
                    yield f"{place} is gone"
                continue
            if operation.get("operationId") != now.get("operationId"):
                yield f"{place} has another operationId"
            yield from _parameters(place, operation, now, old, new)
            yield from _answers(place, operation, now, old, new)


def _parameters(place: str, operation: Json, now: Json, old: Json, new: Json) -> Iterator[str]:
    before = {(one["in"], one["name"]): one for one in _all(operation.get("parameters", ()), old)}
    after = {(one["in"], one["name"]): one for one in _all(now.get("parameters", ()), new)}
    for key, one in before.items():
        said = f"{place}: parameter {key[1]}"
        if key not in after:
            if not one.get("deprecated"):
                yield f"{said} is gone"
            continue
        yield from _narrowed(said, one["schema"], after[key]["schema"], old, new)
    for key, one in after.items():
        if one.get("required") and not before.get(key, {}).get("required"):
            yield f"{place}: parameter {key[1]} is required now"
    if _demanded(now) and not _demanded(operation):
        yield f"{place}: a body is required now"


def _demanded(operation: Json) -> bool:
    return bool(operation.get("requestBody", {}).get("required"))


def _answers(place: str, operation: Json, now: Json, old: Json, new: Json) -> Iterator[str]:
    after = {str(code): _resolved(one, new) for code, one in now.get("responses", {}).items()}
    for code, one in operation.get("responses", {}).items():
        answer = _resolved(one, old)
        if str(code) not in after:
            yield f"{place}: answer {code} is gone"
            continue
        forms = after[str(code)].get("content", {})
        for form, content in answer.get("content", {}).items():
            if form not in forms:
                yield f"{place}: {code} no longer comes as {form}"
                continue
            yield from _widened(f"{place}: {code}", content["schema"], forms[form]["schema"], old, new, ())


def _narrowed(place: str, before: Json, after: Json, old: Json, new: Json) -> Iterator[str]:
    """What *place* took before and takes no longer."""
    before, after = _resolved(before, old), _resolved(after, new)
    if not _types(before) <= _types(after):
        yield f"{place} takes another type"
    if "enum" in after and (gone := set(before.get("enum", ["anything"])) - set(after["enum"])):
        yield f"{place} no longer takes {', '.join(sorted(map(str, gone)))}"
    for limit, worse in (
        ("maximum", -1),
        ("maxLength", -1),
        ("maxItems", -1),
        ("minimum", 1),
        ("minLength", 1),
    ):
        if limit in after and (limit not in before or (after[limit] - before[limit]) * worse > 0):
            yield f"{place} takes less: {limit}"
    if after.get("pattern") not in (None, before.get("pattern")):
        yield f"{place} has another pattern"
    if "items" in before and "items" in after:
        yield from _narrowed(place, before["items"], after["items"], old, new)


def _widened(
    place: str, before: Json, after: Json, old: Json, new: Json, seen: tuple[str, ...]
) -> Iterator[str]:
    """What comes out of *place* now and could not before, and what was there and is not."""
    reference = str(before.get("$ref", ""))
    if reference and reference in seen:
        return
    seen = (*seen, reference) if reference else seen
    name = reference.rsplit("/", 1)[-1] or place
    before, after = _resolved(before, old), _resolved(after, new)
    if not _types(after) <= _types(before):
        yield f"{name} may hold another type now"
    if "enum" in before and (more := set(after.get("enum", ["anything"])) - set(before["enum"])):
        yield f"{name} may hold {', '.join(sorted(map(str, more)))} now"
    for field in set(before.get("required", ())) - set(after.get("required", ())):
        yield f"{name}.{field} is no longer always there"
    now = after.get("properties", {})
    for field, schema in before.get("properties", {}).items():
        if field in now:
            yield from _widened(f"{name}.{field}", schema, now[field], old, new, seen)
        elif not schema.get("deprecated"):
            yield f"{name}.{field} is gone"
    for inner in ("items", "additionalProperties"):
        if isinstance(before.get(inner), dict) and isinstance(after.get(inner), dict):
            yield from _widened(f"{name}.{inner}", before[inner], after[inner], old, new, seen)
    yield from _alternatives(name, before, after, old, new, seen)


def _alternatives(
    name: str, before: Json, after: Json, old: Json, new: Json, seen: tuple[str, ...]
) -> Iterator[str]:
    for word in ("anyOf", "oneOf"):
        known = {_label(one): one for one in before.get(word, ())}
        for one in after.get(word, ()) if known else ():
            if _label(one) not in known:
                yield f"{name} may hold {_label(one)} now"
            else:
                yield from _widened(name, known[_label(one)], one, old, new, seen)


def _label(schema: Json) -> str:
    return str(schema.get("$ref", schema.get("type", "something"))).rsplit("/", 1)[-1]


def _types(schema: Json) -> set[str]:
    types = schema.get("type", [])
    return {types} if isinstance(types, str) else set(types)


def _all(given: Any, document: Json) -> list[Json]:
    return [_resolved(one, document) for one in given]


def _resolved(schema: Json, document: Json) -> Json:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def base() -> str:
    """The revision to compare with; "" where there is none."""
    head = _git("rev-parse", "HEAD")
    forks = (_git("merge-base", "HEAD", branch) for branch in ("origin/main", "main"))
    return next((fork for fork in forks if fork and fork != head), "") or _git("rev-parse", "HEAD~1")


def main(arguments: list[str]) -> int:
    """Compare and tell."""
    revision = arguments[0] if arguments else base()
    before = _git("show", f"{revision}:{SNAPSHOT}") if revision else ""
    if not before:
        print(f"there is no {SNAPSHOT} to compare with")
        return 0
    after = (ROOT / SNAPSHOT).read_text(encoding="utf-8")
    found = breaking(yaml.safe_load(before), yaml.safe_load(after))
    for line in found:
        print(f"breaking: {line}")
    print(f"{len(found)} breaking changes since {revision[:12]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
