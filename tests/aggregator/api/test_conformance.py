"""The whole schema put to the test by schemathesis: every answer, refusals included, is as described; none is a 5xx.

Six hundred cases a database in ``make test``, ten thousand in ``make test-long``: half of the cases of an operation
follow the schema, half break it, and chains of calls follow the links that the schema names.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from aggregator.api import keys
from aggregator.api.resources import RESOURCES
from planner import access
from tests.aggregator.api.population import populate
from tests.conftest import LONG
from tests.planner.people import make_person

pytestmark = pytest.mark.django_db

COMMON: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "derandomize": not LONG,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
MINE = "/api/v1/me/"
# A schema cannot say that a cursor has to come from us, or that the last day must not lie before the first.
EXCLUDED = [positive_data_acceptance]


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The headers of somebody with a plan, who lets a key read and change it."""
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)
    issued = keys.make(make_person(), "k", timezone.now())
    access.grant(issued.key.pk, access.SCOPES)
    return {"Authorization": f"Bearer {issued.secret}"}


@pytest.fixture
def api() -> Iterator[Any]:
    """The schema as it is served, over some rows of every kind."""
    populate()
    ends = (request_started, request_finished)
    for signal in ends:  # as Django's own test client does: the connection is the test's
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("cases", "scale"), [(600, 1), pytest.param(10_000, 14, marks=pytest.mark.long)])
def test_every_answer_is_as_the_schema_says(api: Any, key: dict[str, str], cases: int, scale: int) -> None:
    statuses: Counter[int] = Counter()

    def run(operation: Any, mode: GenerationMode, *prepared: Callable[[Any], None]) -> None:
        @settings(max_examples=8 * scale, **COMMON)
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            for prepare in prepared:
                prepare(case)
            answer = case.call_and_validate(excluded_checks=excluded_for(case))
            statuses[answer.status_code] += 1

        check()

    def with_key(case: Any) -> None:
        if case.path.startswith(MINE):
            case.headers.update(key)

    for result in api.get_all_operations():
        operation = result.ok()
        run(operation, GenerationMode.POSITIVE)
        run(operation, GenerationMode.POSITIVE, made_sensible, with_key)
        run(operation, GenerationMode.NEGATIVE, with_key)
    followed = links_followed(api, statuses, with_key, scale)
    assert statuses.total() >= cases
    assert statuses[200] >= cases // 4
    assert statuses.keys() >= {200, 201, 204, 400, 401, 404}
    assert followed >= cases // 300  # chance decides how many; without the links it would be none


def excluded_for(case: Any) -> list[Any]:
    """What is not asked of *case*: whether a key is needed, where it has ours, which is taken for invented."""
    return [*EXCLUDED, ignored_auth] if "Authorization" in case.headers else EXCLUDED


def made_sensible(case: Any) -> None:
    """Let a case ask for what is there: a schema cannot know which ids, slugs and cursors there are."""
    case.headers.clear()
    query = case.query
    usual = {"provider": "sff", "cursor": "*", "q": "natt", "slug": "sff", "page": 1, "near": "59.33,18.06"}
    query |= {name: value for name, value in usual.items() if name in query}
    for name in ("from", "to", *(["page"] if "cursor" in query else [])):
        query.pop(name, None)
    if query.get("format", "json") != "json":
        for name in ("page", "cursor", "page_size"):
            query.pop(name, None)
    if "ordering" in query:
        query["ordering"] = "id"
    if str(query.get("after", "")).count(".") != 2:
        query.pop("after", None)
    if "id" in case.path_parameters and case.path_parameters["id"] > 50:
        case.path_parameters["id"] = min(existing(case.path))
    given = {"slug": "sff", "kind": "events"}
    if "showing" in case.path_parameters:
        case.path_parameters["showing"] = min(existing("/showings/"))
    if isinstance(case.body, dict) and "showing" in case.body:
        case.body["showing"] = min(existing("/showings/"))
    case.path_parameters |= {name: value for name, value in given.items() if name in case.path_parameters}


def existing(path: str) -> list[int]:
    """Ids of the objects in the list that *path* belongs to."""
    [resource] = [one for one in RESOURCES.values() if f"/{one.name}/" in path]
    return list(resource.visible().values_list("id", flat=True))


def links_followed(api: Any, statuses: Counter[int], with_key: Callable[[Any], None], scale: int) -> int:
    """Walk chains of calls; the number of calls whose ids came out of an earlier answer."""
    followed = 0

    class Chains(api.as_state_machine()):  # type: ignore[misc]
        def step(self, input: Any) -> Any:
            nonlocal followed
            followed += input.transition is not None and bool(input.applied_parameters)
            return super().step(input)

        def before_call(self, case: Any) -> None:
            linked = dict(case.path_parameters)
            made_sensible(case)
            with_key(case)
            case.path_parameters |= linked

        def validate_response(
            self, response: Any, case: Any, additional_checks: Any = None, **_: Any
        ) -> None:
            statuses[response.status_code] += 1
            # What broke the schema may have been mended by ``made_sensible``.
            case.validate_response(response, excluded_checks=[*excluded_for(case), negative_data_rejection])

    Chains.run(settings=settings(max_examples=30 * scale, stateful_step_count=8, **COMMON))
    return followed
