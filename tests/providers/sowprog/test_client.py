"""Reading the agenda over real HTTP: from its simulator, and from an upstream that a test scripts."""

import base64
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from aggregator.http import faults
from aggregator.provider import ConfigurationError
from aggregator.vocabulary import Mode
from providers import registry
from providers.simulation import Running, running
from providers.simulation.simulator import Response
from providers.sowprog import PROVIDER, SowprogConfig, answers
from providers.sowprog.criteria import of_places, parsed, query
from providers.sowprog.routes import ROUTES, url
from tests.providers.sowprog.samples import FOLDER, readable, sample
from tests.providers.sowprog.visits import NOW, Outcome, Visit, broken, later, paths, read, scripted

SERVICES = ["scheduledEvents", "locations", "artists", "eventGroups", "eventTypes", "eventStyles"]
EVENTS = {("event", "")}


@pytest.fixture
def agenda() -> Iterator[Running]:
    with running(["sowprog"], scale=120, now=NOW) as simulation:
        yield simulation


def services(simulation: Running) -> list[str]:
    return [path.partition("?")[0] for path in paths(simulation)]


# Settings


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", ()),
        ("  ", ()),
        ("location.contact.department=75", (("location.contact.department", "75"),)),
        ("?freeAdmission=true&freeAdmission=true", (("freeAdmission", "true"),)),
        (
            "event.eventStyle.label=Pop%20%2F%20Rock&event.eventStyle.label=R%26B",
            (("event.eventStyle.label", "Pop / Rock"), ("event.eventStyle.label", "R&B")),
        ),
    ],
)
def test_criteria_are_read_as_the_query_of_a_url(text: str, pairs: Any) -> None:
    assert parsed(text) == pairs
    assert parsed(query(pairs)) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "department",
        "a=",
        "=75",
        "a b=1",
        "1a=1",
        "a..b=1",
        "modifiedSince=1",
        "api_key=x",
        "artist.name=x",
        "eventPrice.price=1",
        "eventSchedule.eventScheduleDate.date=2027-01-01",
        "a=%0a",
    ],
)
def test_criteria_that_cannot_be_are_refused_at_once(text: str) -> None:
    environ = {
        "PROVIDER_SOWPROG_USERNAME": "u",
        "PROVIDER_SOWPROG_PASSWORD": "p",
        "PROVIDER_SOWPROG_CRITERIA": text,
    }
    with pytest.raises(ConfigurationError) as caught:
        registry.configure(environ)
    assert caught.value.variable == "PROVIDER_SOWPROG_CRITERIA"


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "a:b"},
        {"username": "a\nb"},
        {"password": "a\nb"},
        {"format": "csv"},
        {"base_url": "http://a.example/"},
    ],
)
def test_settings_that_cannot_be_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        SowprogConfig.model_validate({"username": "u", "password": "p"} | fields)


def test_cursors_are_bound_to_the_account_and_the_criteria_in_any_order() -> None:
    def binding(**fields: str) -> str:
        return SowprogConfig.model_validate({"username": "u", "password": "p"} | fields).binding()

    assert (
        binding(criteria="a=1&b=2")
        == binding(criteria="b=2&a=1")
        == binding(criteria="b=2&a=1", format="xml")
    )
    assert len({binding(), binding(criteria="a=1"), binding(criteria="a=2"), binding(username="v")}) == 4
    assert binding() == binding(password="another")


def test_the_services_of_a_place_get_the_criteria_of_a_place() -> None:
    pairs = parsed("location.contact.department=75&freeAdmission=true&location.name=Zinc")
    assert of_places(pairs) == (("contact.department", "75"), ("name", "Zinc"))


# Services


@pytest.mark.parametrize("wire", ["json", "xml"])
@pytest.mark.parametrize("route", sorted(ROUTES))
def test_every_documented_service_can_be_read(agenda: Running, route: str, wire: str) -> None:
    visit = Visit.at(agenda, format=wire)
    with answers.ask(visit.http, visit.config, route, modified_since=0) as response:
        assert response.media_type == f"application/{wire}"
        found = list(answers.records(response, route, wire))
    assert found
    assert all(isinstance(record, dict) and record["id"] for record in found)


@pytest.mark.parametrize("route", [name for name, route in ROUTES.items() if route.search])
def test_every_search_can_be_asked(agenda: Running, route: str) -> None:
    visit = Visit.at(agenda)
    wanted = ("contact.city", "Lyon") if route == "locations" else ("location.contact.city", "Lyon")
    with answers.ask(visit.http, visit.config, route, criteria=(wanted,), past_events=True) as response:
        found = list(answers.records(response, route, "json"))
    assert found
    assert {
        (record if route == "locations" else record["location"])["contact"]["city"] for record in found
    } == {"Lyon"}  # type: ignore[index,call-overload]


def test_addresses_are_percent_encoded_and_searches_exist_where_documented() -> None:
    config = SowprogConfig()
    label = (("event.eventStyle.label", "Pop / Rock"),)
    assert url(config, "events", criteria=label, modified_since=5) == (
        "https://agenda.sowprog.com/rest/v1_2/scheduledEvents/search"
        "?event.eventStyle.label=Pop%20%2F%20Rock&modifiedSince=5"
    )
    with pytest.raises(ValueError, match="no search"):
        url(config, "artists", criteria=label)


def test_the_request_says_who_asks_and_what_for(agenda: Running) -> None:
    read(Visit.at(agenda, format="xml"))
    served = agenda.requests[0]
    login = base64.b64encode(b"demo-agenda:demo-password-of-the-agenda").decode()
    assert served.headers["authorization"] == f"Basic {login}"
    assert served.headers["accept"] == served.headers["content-type"] == "application/xml"


# Full


def test_a_full_run_reads_every_list_and_completes_each(agenda: Running) -> None:
    found = read(Visit.at(agenda))
    assert services(agenda) == SERVICES
    kinds = {"event", "location", "artist", "group", "type", "style"}
    assert {kind for kind, _ in found.documents} == kinds
    assert found.complete == {(kind, "") for kind in kinds}
    assert (found.refused, found.error) == ([], None)
    assert all(len(batch.documents) <= 100 for batch in found.batches)
    newest = max(
        json.loads(d.body)["modificationDate"] for (kind, _), d in found.documents.items() if kind == "event"
    )
    assert found.cursors == {"events": str(newest)}


def test_no_secret_stands_in_a_document(agenda: Running) -> None:
    found = read(Visit.at(agenda, criteria="location.contact.country=France"))
    assert "demo-password" not in repr(found.documents)
    assert "ZGVtby1hZ2VuZGE" not in repr(found.documents)


def test_json_and_xml_give_equal_records(agenda: Running) -> None:
    def told(wire: str) -> dict[tuple[str, str], Any]:
        visit = Visit.at(agenda, format=wire)
        documents = read(visit).documents
        return {
            key: [readable(r) for r in PROVIDER.map(each, visit.config)] for key, each in documents.items()
        }

    plain = told("json")
    assert plain
    assert told("xml") == plain


def test_the_old_spelling_of_json_gives_equal_records(agenda: Running) -> None:
    def told() -> dict[tuple[str, str], Any]:
        visit = Visit.at(agenda)
        documents = read(visit).documents
        return {
            key: [readable(r) for r in PROVIDER.map(each, visit.config)] for key, each in documents.items()
        }

    plain = told()
    agenda.switch("sowprog", "legacy_json", "on")
    assert told() == plain


def test_the_samples_of_both_formats_are_the_same_list() -> None:
    lists = {}
    for wire in ("json", "xml"):
        with scripted({"scheduledEvents": (FOLDER / f"agenda.{wire}").read_bytes()}) as simulation:
            visit = Visit.at(simulation, format=wire)
            found = read(visit)
            assert found.ids() == ["930411", "930470"]
            lists[wire] = [
                [readable(record) for record in PROVIDER.map(each, visit.config)]
                for (kind, _), each in found.documents.items()
                if kind == "event"
            ]
    assert lists["json"] == lists["xml"]


@pytest.mark.parametrize(
    "body", [b"{}", b"null", b"[]", b'{"eventDescription":null}', b'{"eventDescription":[]}']
)
def test_an_empty_agenda_has_many_spellings(body: bytes) -> None:
    with scripted({"scheduledEvents": body}) as simulation:
        found = read(Visit.at(simulation))
    assert (found.ids(), found.error) == ([], None)
    assert found.complete == EVENTS


def test_a_list_of_one_may_be_the_entry_itself() -> None:
    with scripted(
        {"scheduledEvents": json.dumps({"eventDescription": sample("event-concert")}).encode()}
    ) as simulation:
        assert read(Visit.at(simulation)).ids() == ["930411"]


@pytest.mark.parametrize(
    "body",
    [b'{"error":"no"}', b'{"eventDescription":5}', b'"x"', b"5", b"true", b'[{"id":1}]', b'{"a":[{"id":1}]}'],
)
def test_what_is_no_agenda_is_a_failure_and_not_an_empty_one(body: bytes) -> None:
    with scripted({"scheduledEvents": body}) as simulation:
        assert broken(Visit.at(simulation)).reason == faults.WRONG_ROOT


@pytest.mark.parametrize("end", ["nul", "tru", '"a', '"a\\', "1.", "{", "[1", "", '"\\ud8'])
def test_an_agenda_cut_anywhere_is_a_cut_one(end: str) -> None:
    body = f'{{"eventDescription":[{{"id":7}},{{"id":8,"x":{end}'.encode()
    with scripted({"scheduledEvents": body}) as simulation:
        found = read(Visit.at(simulation))
    assert found.error is not None
    assert found.error.reason == faults.TRUNCATED_DOCUMENT
    assert found.ids() == ["7"]
    assert found.complete == set()


@pytest.mark.parametrize("entry", [{}, {"id": None}, {"id": "x"}, {"id": -1}, {"id": True}, 5, None, "7"])
def test_an_entry_without_a_readable_id_is_refused_and_named(entry: object) -> None:
    body = json.dumps({"eventDescription": [{"id": 7}, entry]}).encode()
    with scripted({"scheduledEvents": body}) as simulation:
        found = read(Visit.at(simulation))
    (refusal,) = [one for one in found.refused if one.key is None]
    assert (refusal.kind, refusal.reason, refusal.scope) == ("event", "unreadable_id", "")
    assert found.ids() == ["7"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_reference_list_that_fails_alone_is_refused_and_the_run_goes_on(
    agenda: Running, status: int
) -> None:
    answered = Response(status, b"?")
    with scripted({"scheduledEvents": b"{}", "locations": b"{}", "artists": answered}) as simulation:
        found = read(Visit.at(simulation))
    reason = "not_found" if status == 404 else "server_error"
    assert ("artists", "artists", reason) in [(one.kind, one.key, one.reason) for one in found.refused]
    assert found.error is None
    assert found.complete == EVENTS


def test_a_refused_key_ends_the_run_wherever_it_is_met(agenda: Running) -> None:
    agenda.fault("sowprog", "401", path="/eventGroups")
    found = read(Visit.at(agenda))
    assert found.error is not None
    assert found.error.reason == faults.UNAUTHORISED
    assert ("group", "") not in found.complete


# Criteria


def test_criteria_keep_to_a_part_of_the_agenda_and_of_the_places(agenda: Running) -> None:
    found = read(Visit.at(agenda, criteria="location.contact.department=69"))
    assert paths(agenda)[:2] == [
        "scheduledEvents/search?location.contact.department=69",
        "locations/search?contact.department=69",
    ]
    assert found.ids()
    for (kind, _), each in found.documents.items():
        if kind in ("event", "location"):
            body = json.loads(each.body)
            assert (body["location"] if kind == "event" else body)["contact"]["department"] == "69"
    assert found.ids("artist") == found.ids("group") == []
    assert found.complete == {(kind, "") for kind in ("event", "location", "type", "style")}


def test_criteria_that_are_not_about_places_ask_for_no_list_of_places(agenda: Running) -> None:
    read(Visit.at(agenda, criteria="freeAdmission=true"))
    assert services(agenda) == ["scheduledEvents/search", "eventTypes", "eventStyles"]


def test_a_property_that_does_not_exist_is_a_mistake_in_the_settings(agenda: Running) -> None:
    error = broken(Visit.at(agenda, criteria="location.contact.departement=75&freeAdmission=true"))
    assert (error.reason, error.permanent, error.status) == (faults.NOT_ACCEPTABLE, True, 406)
    assert "PROVIDER_SOWPROG_CRITERIA" in str(error)
    assert "location.contact.departement" in str(error)


def test_changes_are_asked_for_under_the_same_criteria(agenda: Running) -> None:
    visit = Visit.at(agenda, criteria="location.contact.department=69")
    first = read(visit)
    paths(agenda)
    read(later(visit, first, Mode.CHANGES))
    since = int(first.cursors["events"]) - 300_000
    assert paths(agenda) == [f"scheduledEvents/search?location.contact.department=69&modifiedSince={since}"]


# Changes


def test_changes_come_alone_and_complete_nothing(agenda: Running) -> None:
    visit = Visit.at(agenda)
    first = read(visit)
    paths(agenda)
    agenda.advance(3600)
    changed = str(agenda.mutate("sowprog", "rename", name="Autre nom")["id"])
    found = read(replace(later(visit, first, Mode.CHANGES), now=agenda.now()))
    assert paths(agenda) == [f"scheduledEvents?modifiedSince={int(first.cursors['events']) - 300_000}"]
    assert changed in found.ids()
    assert len(found.ids()) < len(first.ids()) / 4
    assert found.complete == set()
    assert found.cursors == {"events": str(int(agenda.now().timestamp() * 1000))}


def test_changes_without_a_cursor_are_the_whole_agenda(agenda: Running) -> None:
    found = read(Visit.at(agenda, Mode.CHANGES))
    assert services(agenda) == ["scheduledEvents"]
    assert found.complete == EVENTS
    assert found.cursors["events"]


@pytest.mark.parametrize("stored", ["x", "", "-5", "0", str(10**15), "99999999999999999999999"])
def test_a_cursor_that_nobody_can_believe_is_none(agenda: Running, stored: str) -> None:
    read(Visit.at(agenda, Mode.CHANGES, cursors={"events": stored}))
    assert paths(agenda) == ["scheduledEvents"]


def test_a_stamp_beyond_belief_never_becomes_the_cursor(agenda: Running) -> None:
    first = read(Visit.at(agenda))
    agenda.fault("sowprog", "bad_timestamps")
    assert int(read(Visit.at(agenda)).cursors["events"]) <= int(first.cursors["events"])


def test_the_cursor_never_moves_back(agenda: Running) -> None:
    ahead = str(int(NOW.timestamp() * 1000))
    assert read(Visit.at(agenda, cursors={"events": ahead})).cursors == {}


def test_availability_asks_for_changes_and_moves_nothing(agenda: Running) -> None:
    visit = Visit.at(agenda)
    first = read(visit)
    paths(agenda)
    changed = str(agenda.mutate("sowprog", "seats", value="true")["event"])
    gone = next(key for key in reversed(first.ids()) if key != changed)
    agenda.mutate("sowprog", "remove_event", id=gone)
    found = read(later(visit, first, Mode.AVAILABILITY))
    assert len(paths(agenda)) == 1
    assert changed in found.ids()
    assert gone not in found.ids()
    assert (found.cursors, found.complete) == ({}, set())


def taken_back(agenda: Running, how: str = "unpublish") -> tuple[Visit, Outcome, str]:
    visit = Visit.at(agenda)
    first = read(visit)
    gone = str(agenda.mutate("sowprog", "remove_event", how=how)["id"])
    paths(agenda)
    return visit, first, gone


def test_an_entry_taken_back_has_the_whole_agenda_read_in_the_same_run(agenda: Running) -> None:
    visit, first, gone = taken_back(agenda)
    found = read(later(visit, first, Mode.CHANGES))
    assert services(agenda) == ["scheduledEvents", "scheduledEvents"]
    assert found.complete == EVENTS
    assert PROVIDER.map(found.documents["event", gone], visit.config) == []
    assert set(first.ids()) == set(found.ids())


def test_it_is_read_once_and_not_again_at_every_run(agenda: Running) -> None:
    visit, first, _ = taken_back(agenda)
    second = later(visit, first, Mode.CHANGES)
    found = read(second)
    paths(agenda)
    assert read(later(second, found, Mode.CHANGES)).complete == set()
    assert services(agenda) == ["scheduledEvents"]


def test_an_entry_taken_back_that_nobody_has_heard_of_is_no_news(agenda: Running) -> None:
    visit, first, gone = taken_back(agenda)
    next_visit = later(visit, first, Mode.CHANGES)
    del next_visit.stored[gone]
    assert read(next_visit).complete == set()


def test_nothing_of_an_entry_taken_back_is_stored_before_the_whole_agenda_was_read(agenda: Running) -> None:
    """Else a failure in between would make it old news for the next run."""
    visit, first, gone = taken_back(agenda)
    next_visit = later(visit, first, Mode.CHANGES)
    whole = list(PROVIDER.fetch(next_visit))
    assert [at for at, batch in enumerate(whole) if gone in [d.key for d in batch.documents]] == [
        len(whole) - 1
    ]


def test_an_entry_that_vanished_without_a_word_waits_for_a_full_run(agenda: Running) -> None:
    visit, first, gone = taken_back(agenda, "delete")
    assert read(later(visit, first, Mode.CHANGES)).complete == set()
    full = read(later(visit, first, Mode.FULL))
    assert gone not in full.ids()
    assert full.complete >= EVENTS


# Going on


def positions(outcome: Outcome) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(batch.position)) for batch in outcome.batches]


@pytest.mark.parametrize("wire", ["json", "xml"])
def test_a_run_that_was_cut_off_goes_on_behind_what_it_had_handed_over(wire: str) -> None:
    with running(["sowprog"], scale=600, now=NOW) as agenda:
        whole = read(Visit.at(agenda, format=wire))
        handled = [document.key for document in whole.batches[0].documents]
        assert len(handled) == 100
        rest = read(Visit.at(agenda, position=positions(whole)[0], format=wire))
    assert rest.ids() == whole.ids()[100:]
    assert rest.complete == whole.complete


def test_a_run_that_was_cut_off_at_the_end_of_the_agenda_still_knows_the_newest_change() -> None:
    with running(["sowprog"], scale=200, now=NOW) as agenda:
        whole = read(Visit.at(agenda))
        places = [place for place in positions(whole) if place["step"] == "events"]
        rest = read(Visit.at(agenda, position=places[-1]))
    assert whole.cursors
    assert rest.cursors == whole.cursors
    settled = next(batch for batch in whole.batches if batch.complete)
    assert set(rest.documents) >= {(each.kind, each.key) for each in settled.documents}


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_a_run_goes_on_from_any_batch_and_loses_nothing(at: int) -> None:
    with running(["sowprog"], scale=200, now=NOW) as agenda:
        whole = read(Visit.at(agenda))
        at = min(at, len(whole.batches) - 1)
        before = {(d.kind, d.key) for batch in whole.batches[: at + 1] for d in batch.documents}
        rest = read(Visit.at(agenda, position=positions(whole)[at]))
    assert before | set(rest.documents) == set(whole.documents)
    done = {pair for batch in whole.batches[: at + 1] for pair in batch.complete}
    assert done | rest.complete == whole.complete


def test_a_list_that_has_changed_before_that_place_is_read_from_its_beginning() -> None:
    with running(["sowprog"], scale=600, now=NOW) as agenda:
        whole = read(Visit.at(agenda))
        first = whole.batches[0].documents[0].key
        agenda.mutate("sowprog", "rename", id=first, name="Autre nom")
        again = read(Visit.at(agenda, position=positions(whole)[0]))
    assert again.ids() == whole.ids()


@pytest.mark.parametrize(
    "position",
    [
        {"step": "events", "count": "x"},
        {"step": "events", "count": 10**9, "trail": "x"},
        {"step": "events", "count": -1},
    ],
)
def test_a_position_that_means_nothing_skips_nothing(agenda: Running, position: dict[str, Any]) -> None:
    assert read(Visit.at(agenda, position=position)).ids() == read(Visit.at(agenda)).ids()


# Memory


def test_a_long_list_is_never_in_memory_as_a_whole() -> None:
    entry = json.dumps(sample("event-concert")).encode()
    body = (
        b'{"eventDescription":['
        + b",".join(entry.replace(b"930411", b"%d" % (930411 + n)) for n in range(4000))
        + b"]}"
    )
    assert len(body) > 16_000_000
    with scripted({"scheduledEvents": body}) as simulation:
        fetched = PROVIDER.fetch(Visit.at(simulation))
        next(fetched)
        tracemalloc.start()
        try:
            count = sum(len(batch.documents) for batch in fetched)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert count == 3900
    assert peak < 6_000_000
