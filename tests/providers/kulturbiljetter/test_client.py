"""Reading the ticket shop over real HTTP: against its simulator, and scripted answers for what is odd."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.http import FetchError, HttpClient, Limits, RetryLater
from aggregator.provider import Batch, ConfigurationError, Document, Refusal, Unmappable, Visit
from aggregator.vocabulary import Mode
from providers import registry
from providers.kulturbiljetter import PROVIDER
from providers.kulturbiljetter.client import fetch
from providers.simulation.running import Running, running
from providers.simulation.server import Served
from providers.simulation.simulator import Request, Response, Simulator, Upstream

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ONE_TRY = Limits(connect=2, read=0.5, total=10, max_bytes=1024 * 1024, attempts=1)


@dataclass
class Call:
    """A visit whose store is a dict."""

    http: HttpClient
    config: Any
    mode: Mode = Mode.CHANGES
    now: datetime = NOW
    position: Mapping[str, Any] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    upcoming: Sequence[str] = ()
    look_ups: list[list[str]] = field(default_factory=list)

    def cursor(self, feed: str) -> str | None:
        raise AssertionError(f"there is no feed {feed}")

    def validators(self, kind: str, keys: Iterable[str]) -> Mapping[str, str]:
        assert kind == "event"
        self.look_ups.append(list(keys))
        return {key: self.stored[key] for key in self.look_ups[-1] if key in self.stored}

    def soon(self, kind: str, until: datetime) -> Sequence[str]:
        assert kind == "event"
        assert until - self.now == timedelta(days=3)
        return self.upcoming


@dataclass
class Outcome:
    """Everything a fetch yielded, and how it ended."""

    batches: list[Batch]
    error: FetchError | None = None

    @property
    def documents(self) -> dict[str, Document]:
        return {document.key: document for batch in self.batches for document in batch.documents}

    @property
    def seen(self) -> list[str]:
        return [key for batch in self.batches for _, key in batch.seen]

    @property
    def refused(self) -> list[Refusal]:
        return [refusal for batch in self.batches for refusal in batch.refused]

    @property
    def complete(self) -> list[tuple[str, str]]:
        return [pair for batch in self.batches for pair in batch.complete]

    @property
    def validators(self) -> dict[str, str]:
        return {key: document.validator for key, document in self.documents.items()}

    @property
    def reason(self) -> str:
        return self.error.reason if self.error else ""


def read(call: Visit) -> Outcome:
    outcome = Outcome([])
    try:
        for batch in fetch(call):
            outcome.batches.append(batch)
    except FetchError as error:
        outcome.error = error
    return outcome


def call_to(environment: Mapping[str, str], limits: Limits = ONE_TRY, **changes: Any) -> Call:
    config: Any = registry.configure(environment)["kulturbiljetter"].config
    http = HttpClient(allowed_origins=config.origins(), limits=limits, sleep=lambda _: None)
    return Call(http, config, **changes)


@pytest.fixture
def shop() -> Iterator[Running]:
    with running(["kulturbiljetter"], scale=180, now=NOW) as simulation:
        yield simulation


def call(shop: Running, **changes: Any) -> Call:
    return call_to(shop.environment(), **changes)


def requests(shop: Running) -> list[Served]:
    """The log; the server writes its last line a moment after the answer has arrived."""
    length = -1
    while length < (length := len(shop.requests)):
        time.sleep(0.05)
    return shop.requests


def forget_requests(shop: Running) -> None:
    requests(shop)
    shop.forget_requests()


def details_asked(shop: Running) -> list[str]:
    return [served.path.rpartition("/")[2] for served in requests(shop) if not served.path.endswith("/")]


# The list and its ETags


def test_a_first_run_brings_every_event_of_the_list(shop: Running) -> None:
    found = read(call(shop))
    assert found.error is None
    assert len(found.documents) > 20
    assert found.complete == [("event", "")]
    assert found.seen == []
    assert found.refused == []
    assert {batch.expected for batch in found.batches} == {len(found.documents)}
    assert list(found.documents) == sorted(found.documents, key=int)
    assert all(len(batch.documents) <= 20 for batch in found.batches)


def test_a_document_is_the_body_as_received_with_its_etag_and_no_secret(shop: Running) -> None:
    found = read(call(shop))
    key, document = next(iter(found.documents.items()))
    assert json.loads(document.body)["title"]
    assert (document.kind, document.scope) == ("event", "")
    assert len(document.validator) == 32
    assert document.url == f"{shop.base_url}/kulturbiljetter/api/v2/events/{key}"
    assert "demo-key" not in repr(document)


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_every_document_of_either_version_can_be_mapped(shop: Running, version: str) -> None:
    settings = shop.environment()
    url = settings["PROVIDER_KULTURBILJETTER_BASE_URL"].replace("v2", version)
    found = read(call_to(settings | {"PROVIDER_KULTURBILJETTER_BASE_URL": url}))
    kinds = {record.kind for document in found.documents.values() for record in PROVIDER.map(document, None)}
    assert kinds == {"event", "showing", "venue", "organisation"}


def test_equal_etags_are_seen_without_a_call(shop: Running) -> None:
    first = read(call(shop))
    forget_requests(shop)
    again = read(call(shop, stored=first.validators))
    assert sorted(again.seen) == sorted(first.documents)
    assert again.documents == {}
    assert again.complete == [("event", "")]
    assert len(requests(shop)) == 1


def test_a_changed_event_alone_is_fetched_under_its_old_etag(shop: Running) -> None:
    first = read(call(shop))
    changed = str(shop.mutate("kulturbiljetter", "rename", name="Annat namn")["id"])
    forget_requests(shop)
    again = read(call(shop, stored=first.validators))
    assert list(again.documents) == [changed]
    assert again.documents[changed].validator != first.validators[changed]
    assert details_asked(shop) == [changed]
    assert requests(shop)[-1].headers["if-none-match"] == f'"{first.validators[changed]}"'


def test_weak_etags_are_the_same_etags(shop: Running) -> None:
    shop.switch("kulturbiljetter", "weak_etag", "on")
    first = read(call(shop))
    again = read(call(shop, stored=first.validators))
    assert again.documents == {}
    assert len(again.seen) == len(first.documents)


def test_seats_alone_are_no_change(shop: Running) -> None:
    first = read(call(shop))
    shop.mutate("kulturbiljetter", "seats", value=1)
    assert read(call(shop, stored=first.validators)).documents == {}


def test_an_event_that_left_the_list_is_neither_seen_nor_asked_for(shop: Running) -> None:
    first = read(call(shop))
    gone = str(shop.mutate("kulturbiljetter", "remove_event")["id"])
    again = read(call(shop, stored=first.validators))
    assert gone not in again.seen
    assert again.complete == [("event", "")]


def test_an_event_that_goes_while_the_list_is_read_counts_as_seen(shop: Running) -> None:
    shop.fault("kulturbiljetter", "race")
    found = read(call(shop))
    expected = found.batches[0].expected
    assert len(found.documents) == expected - 1
    assert (found.refused, len(found.seen), found.error) == ([], 1, None)
    assert found.seen[0][1] not in found.documents
    assert found.complete == [("event", "")]


@pytest.mark.parametrize("form", ["object", "array"])
def test_an_empty_list_is_a_whole_list(shop: Running, form: str) -> None:
    shop.switch("kulturbiljetter", "empty_list", form)
    shop.fault("kulturbiljetter", "404_empty")
    found = read(call(shop))
    assert (found.documents, found.seen, found.error) == ({}, [], None)
    assert found.complete == [("event", "")]


def test_an_event_that_stands_twice_is_fetched_once(shop: Running) -> None:
    shop.fault("kulturbiljetter", "duplicate_ids")
    found = read(call(shop))
    asked = details_asked(shop)
    assert len(asked) == len(set(asked)) == len(found.documents)


# Seats


def test_seats_are_asked_for_without_a_condition_and_complete_nothing(shop: Running) -> None:
    first = read(call(shop))
    soon = list(first.documents)[:3]
    forget_requests(shop)
    found = read(call(shop, mode=Mode.AVAILABILITY, upcoming=tuple(reversed(soon)), stored=first.validators))
    assert details_asked(shop) == soon
    assert not any("if-none-match" in served.headers for served in requests(shop))
    assert len(requests(shop)) == 3
    assert list(found.documents) == soon
    assert found.validators == {key: first.validators[key] for key in soon}
    assert (found.complete, found.seen) == ([], [])


def test_no_showings_soon_is_no_request(shop: Running) -> None:
    found = read(call(shop, mode=Mode.AVAILABILITY))
    assert requests(shop) == []
    assert found.error is None


# Faults


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("401", "unauthorised"),
        ("403", "forbidden"),
        ("500", "server_error"),
        ("500_html", "server_error"),
        ("502_html", "server_error"),
        ("400_message", "bad_request"),
        ("html_200", "html_instead_of_data"),
        ("truncated_json", "truncated_document"),
        ("reset", "connection_reset"),
        ("read_timeout", "read_timeout"),
        ("huge_body", "body_too_large"),
        ("gzip_bomb", "decompression_bomb"),
        ("redirect_private", "redirect_refused"),
    ],
)
def test_a_list_that_cannot_be_had_is_a_named_failure_that_completes_nothing(
    shop: Running, fault: str, reason: str
) -> None:
    shop.fault("kulturbiljetter", fault)
    found = read(call(shop))
    assert found.reason == reason
    assert found.complete == []
    assert "demo-key" not in str(found.error)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("500", "server_error"),
        ("html_200", "html_instead_of_data"),
        ("truncated_json", "truncated_document"),
        ("reset", "connection_reset"),
        ("read_timeout", "read_timeout"),
        ("400_message", "bad_request"),
        ("huge_body", "body_too_large"),
        ("redirect_private", "redirect_refused"),
    ],
)
def test_one_detail_that_fails_is_refused_and_the_run_goes_on(shop: Running, fault: str, reason: str) -> None:
    keys = list(read(call(shop)).documents)
    victim = keys[len(keys) // 2]
    shop.fault("kulturbiljetter", fault, path=f"/events/{victim}")
    found = read(call(shop))
    assert list(found.documents) == [key for key in keys if key != victim]
    ((refusal),) = found.refused
    assert (refusal.kind, refusal.key, refusal.reason) == ("event", victim, reason)
    assert len(refusal.body) <= 1024
    assert found.error is None
    assert found.complete == [("event", "")]


def test_the_last_detail_that_fails_is_refused_too(shop: Running) -> None:
    victim = list(read(call(shop)).documents)[-1]
    shop.fault("kulturbiljetter", "500", path=f"/events/{victim}")
    found = read(call(shop))
    assert [refusal.key for refusal in found.refused] == [victim]
    assert found.complete == [("event", "")]


@pytest.mark.parametrize(("fault", "reason"), [("401", "unauthorised"), ("403", "forbidden")])
def test_a_key_that_is_refused_in_between_ends_the_run(shop: Running, fault: str, reason: str) -> None:
    keys = list(read(call(shop)).documents)
    shop.fault("kulturbiljetter", fault, path=f"/events/{keys[7]}")
    found = read(call(shop))
    assert found.reason == reason
    assert list(found.documents) == keys[:7]
    assert found.complete == []
    assert found.refused == []


def test_a_request_to_wait_ends_the_run_and_is_handed_on(shop: Running) -> None:
    keys = list(read(call(shop)).documents)
    shop.fault("kulturbiljetter", "429_retry_after", path=f"/events/{keys[3]}")
    found = read(call(shop))
    assert isinstance(found.error, RetryLater)
    assert list(found.documents) == keys[:3]


@pytest.mark.parametrize("fault", ["wrong_types", "missing_field", "invalid_utf8", "bad_timestamps"])
def test_a_spoiled_document_is_handed_on_for_the_mapping_to_refuse(shop: Running, fault: str) -> None:
    shop.fault("kulturbiljetter", fault)
    found = read(call(shop))
    reasons = []
    for document in found.documents.values():
        try:
            PROVIDER.map(document, None)
        except Unmappable as error:
            reasons.append(error.reason)
    expected = {
        "wrong_types": "wrong_type",
        "missing_field": "missing_field",
        "invalid_utf8": "bad_encoding",
        "bad_timestamps": "timestamp_out_of_range",
    }
    assert reasons == [expected[fault]]
    assert found.error is None


# Going on


def test_a_run_that_was_cut_off_goes_on_where_it_was(shop: Running) -> None:
    whole = read(call(shop))
    position = json.loads(json.dumps(whole.batches[0].position))
    handled = [document.key for document in whole.batches[0].documents]
    forget_requests(shop)
    rest = read(call(shop, position=position))
    assert rest.seen == []
    assert rest.batches[0].expected == len(whole.documents)
    assert list(rest.documents) == [key for key in whole.documents if key not in handled]
    assert not set(details_asked(shop)) & set(handled)
    assert rest.complete == [("event", "")]


def test_a_run_starts_over_where_what_it_had_read_has_changed(shop: Running) -> None:
    whole = read(call(shop))
    last_handled = whole.batches[0].documents[-1].key
    shop.mutate("kulturbiljetter", "rename", id=last_handled, name="Annat namn")
    again = read(call(shop, position=whole.batches[0].position))
    assert list(again.documents) == list(whole.documents)


def test_a_run_that_starts_over_is_spared_by_the_etags(shop: Running) -> None:
    whole = read(call(shop))
    changed = whole.batches[0].documents[-1].key
    shop.mutate("kulturbiljetter", "rename", id=changed, name="Annat namn")
    stored = {document.key: document.validator for document in whole.batches[0].documents}
    again = read(call(shop, position=whole.batches[0].position, stored=stored))
    assert sorted([*again.seen, *again.documents], key=int) == list(whole.documents)
    assert changed in again.documents
    assert changed not in again.seen


@pytest.mark.parametrize("position", [{"after": "x"}, {"after": 10**9, "trail": "x"}, {"other": 1}])
def test_a_position_that_means_nothing_skips_nothing(shop: Running, position: dict[str, Any]) -> None:
    assert list(read(call(shop, position=position)).documents) == list(read(call(shop)).documents)


def test_a_failure_right_at_the_start_keeps_the_position(shop: Running) -> None:
    whole = read(call(shop))
    position = whole.batches[0].position
    following = list(whole.documents)[20]
    shop.fault("kulturbiljetter", "401", path=f"/events/{following}")
    again = read(call(shop, position=position))
    assert again.reason == "unauthorised"
    assert again.batches == []


# Odd answers, scripted


Answers = Callable[[Request], Response]
SETTINGS = {"PROVIDER_KULTURBILJETTER_API_KEY": "abc123"}
DETAILS = {"title": "Ljus", "dates": {}, "locations": {}}


@contextmanager
def scripted(entries: object, detail: Answers | None = None) -> Iterator[tuple[Running, dict[str, str]]]:
    """A server with this list (bytes are sent as they are); details are the same for all events."""

    def handle(request: Request) -> Response:
        if request.path.endswith("/events/"):
            return Response(200, entries if isinstance(entries, bytes) else json.dumps(entries).encode())
        return detail(request) if detail else Response(200, json.dumps(DETAILS).encode())

    simulator = Simulator(
        slug="kulturbiljetter",
        mounts=("/x/",),
        data=("/x/",),
        build=lambda world, options: Upstream(handle, lambda what, arguments: {}),
        environment=lambda base_url: SETTINGS | {"PROVIDER_KULTURBILJETTER_BASE_URL": f"{base_url}/x/"},
    )
    with running(simulators={"kulturbiljetter": simulator}) as simulation:
        yield simulation, simulation.environment()


ENTRY = {"event_id": 7, "organizer_id": 1, "ETag": "aaa"}


@pytest.mark.parametrize(
    "entries",
    [
        {"0": ENTRY, "1": ENTRY | {"event_id": 31}},
        [ENTRY, ENTRY | {"event_id": 31}],
        {"10": ENTRY | {"event_id": "31"}, "9": ENTRY},
        {"0": {"event_id": 7}, "1": {"event_id": 31, "ETag": None, "new_field": {}}},
    ],
)
def test_a_list_may_have_several_forms(entries: object) -> None:
    with scripted(entries) as (_, environment):
        assert list(read(call_to(environment)).documents) == ["7", "31"]


@pytest.mark.parametrize("nothing", [b"{}", b"[]", b"null", b" \n{ }"])
def test_an_empty_list_may_have_several_forms(nothing: bytes) -> None:
    with scripted(nothing) as (_, environment):
        found = read(call_to(environment))
        assert (found.documents, found.refused, found.complete) == ({}, [], [("event", "")])


@pytest.mark.parametrize("body", [b"true", b"5", b'"x"'])
def test_what_is_no_list_is_a_failure(body: bytes) -> None:
    with scripted(body) as (_, environment):
        assert read(call_to(environment)).reason == "wrong_root"


@pytest.mark.parametrize(
    "entry", [{}, {"event_id": None}, {"event_id": "x"}, {"event_id": -1}, 5, None, [], "7"]
)
def test_an_entry_without_a_readable_id_is_refused_and_named(entry: object) -> None:
    with scripted({"0": ENTRY, "1": entry}) as (_, environment):
        found = read(call_to(environment))
        assert list(found.documents) == ["7"]
        ((refusal),) = found.refused
        assert (refusal.kind, refusal.key, refusal.scope) == ("event", None, "")
        assert (refusal.reason, refusal.path) == ("unreadable_id", "1.event_id")
        assert json.loads(refusal.body) == entry


def test_a_list_that_breaks_off_is_used_as_far_as_it_goes() -> None:
    broken = json.dumps({"0": ENTRY, "1": ENTRY | {"event_id": 31}}).encode()[:-20]
    with scripted(broken) as (_, environment):
        found = read(call_to(environment))
        assert list(found.documents) == ["7"]
        assert found.reason == "truncated_document"
        assert found.complete == []


def test_the_key_goes_out_as_a_token() -> None:
    with scripted({"0": ENTRY}) as (simulation, environment):
        read(call_to(environment))
        assert {served.headers["authorization"] for served in requests(simulation)} == {"Token abc123"}


def test_the_etag_of_the_body_counts_and_that_of_the_list_where_there_is_none() -> None:
    def detail(request: Request) -> Response:
        body = json.dumps(DETAILS).encode()
        return Response(200, body, (("ETag", 'W/"bbb-gzip"'),) if request.path.endswith("7") else ())

    with scripted({"0": ENTRY, "1": {"event_id": 8, "ETag": "ccc"}}, detail) as (_, environment):
        assert read(call_to(environment)).validators == {"7": "bbb", "8": "ccc"}


def test_not_modified_is_seen_and_without_a_condition_refused() -> None:
    with scripted({"0": ENTRY}, lambda request: Response(304)) as (_, environment):
        assert read(call_to(environment, stored={"7": "old"})).seen == ["7"]
        ((refusal),) = read(call_to(environment)).refused
        assert refusal.reason == "unexpected_status"


def test_failures_in_a_row_end_the_run_and_the_position_stays_before_them() -> None:
    entries = [{"event_id": number, "ETag": "e"} for number in range(1, 31)]

    def detail(request: Request) -> Response:
        failing = request.path.rpartition("/")[2] in {"5", "24", "25", "26"}
        return Response(500) if failing else Response(200, json.dumps(DETAILS).encode())

    with scripted(entries, detail) as (simulation, environment):
        found = read(call_to(environment))
        assert found.reason == "server_error"
        assert [refusal.key for refusal in found.refused] == ["5"]
        assert list(found.documents) == [str(number) for number in range(1, 24) if number != 5]
        assert found.batches[-1].position["after"] == 23
        assert details_asked(simulation)[-1] == "26"


def test_unchanged_events_come_in_batches_of_their_own_size() -> None:
    entries = [{"event_id": number, "ETag": "e"} for number in range(1, 1102)]
    with scripted(entries) as (simulation, environment):
        visit = call_to(environment, stored={str(number): "e" for number in range(1, 1102)})
        found = read(visit)
        assert [len(batch.seen) for batch in found.batches] == [500, 500, 101]
        assert len(visit.look_ups) == 6
        assert len(requests(simulation)) == 1


def test_details_that_are_no_object_are_left_to_the_mapping() -> None:
    with scripted({"0": ENTRY}, lambda request: Response(200, b"[]")) as (_, environment):
        assert read(call_to(environment)).documents["7"].body == b"[]"


# Settings


def test_the_default_is_the_documented_address() -> None:
    config: Any = registry.configure({"PROVIDER_KULTURBILJETTER_API_KEY": "abc"})["kulturbiljetter"].config
    assert config.base_url == "https://kulturbiljetter.se/api/v2/"
    assert config.origins() == ("https://kulturbiljetter.se/api/v2/",)
    assert config.binding() == "abc"
    assert "abc" not in repr(config)


def test_without_a_key_the_provider_is_skipped() -> None:
    configured = registry.configure({})["kulturbiljetter"]
    assert configured.config is None
    assert "PROVIDER_KULTURBILJETTER_API_KEY" in configured.missing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "http://kulturbiljetter.se/api/v2/"),
        ("BASE_URL", "kulturbiljetter.se"),
        ("API_KEY", "two words"),
        ("API_KEY", "nyckel\r\nX-Other: 1"),
        ("API_KEY", "nyckelå"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        registry.configure(SETTINGS | {f"PROVIDER_KULTURBILJETTER_{name}": value})
    assert caught.value.variable == f"PROVIDER_KULTURBILJETTER_{name}"
    assert value not in str(caught.value)


def test_schedules_are_every_quarter_every_hour_and_every_day() -> None:
    assert {schedule.mode: schedule.every for schedule in PROVIDER.schedules} == {
        Mode.AVAILABILITY: timedelta(minutes=15),
        Mode.CHANGES: timedelta(hours=1),
        Mode.FULL: timedelta(days=1),
    }
