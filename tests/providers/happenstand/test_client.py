"""Reading Happenstand over real HTTP against its simulator: what is fetched, what is proved, what fails how."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from aggregator.http import RetryLater
from aggregator.provider import ConfigurationError, Unmappable
from aggregator.vocabulary import Mode
from providers import registry
from providers.happenstand import PROVIDER, reading, routes
from providers.happenstand.reading import Reading, Rows
from providers.simulation import Running, running
from tests.providers.happenstand.visits import NOW, asked, call, read

SLUG = "happenstand"
FORMATS = ("json", "xml")
WHOLE = [("event", ""), ("place", ""), ("person", "")]


@pytest.fixture(name="guide")
def _guide() -> Iterator[Running]:
    with running([SLUG], scale=60, now=NOW) as simulation:
        yield simulation


@pytest.fixture(params=FORMATS)
def wire(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# A full run


def test_a_full_run_brings_everything_once_and_says_what_was_whole(guide: Running, wire: str) -> None:
    found = read(call(guide, wire))
    assert found.error is None
    assert found.refused == []
    assert found.complete == WHOLE
    assert (len(found.keys("event")), len(found.keys("place")), len(found.keys("person"))) == (54, 14, 48)
    details = [path for path in asked(guide) if "/detail" in path]
    assert len(details) == len(set(details)) == len(found.documents)
    assert found.batches[-1].position == {"step": "done"}


def test_both_formats_give_the_same_documents_to_the_byte(guide: Running) -> None:
    there = {wire: read(call(guide, wire)).documents for wire in FORMATS}
    assert there["json"] == there["xml"]


@pytest.mark.parametrize("variant", ["null", "text", "list", "object"])
def test_a_missing_image_is_the_same_in_every_form(guide: Running, variant: str, wire: str) -> None:
    plain = read(call(guide)).documents
    guide.switch(SLUG, "image_none", variant)
    assert read(call(guide, wire)).documents == plain


def test_documents_have_line_feeds_and_no_empty_members(guide: Running) -> None:
    bodies = [document.body.decode() for document in read(call(guide)).documents.values()]
    assert any("\\n" in body for body in bodies)
    assert not any("\\r" in body or '""' in body or "[]" in body for body in bodies)


def test_the_key_is_in_no_address_and_no_error(guide: Running) -> None:
    key = guide.environment()["PROVIDER_HAPPENSTAND_API_KEY"]
    found = read(call(guide))
    assert not any(key in document.url or "api_key" in document.url for document in found.documents.values())
    guide.fault(SLUG, "error_100")
    failed = read(call(guide)).error
    assert failed is not None
    assert key not in f"{failed} {failed.url} {failed.__dict__}"


# What may complete a scope


@pytest.mark.parametrize("direction", ["backwards", "forwards"])
@pytest.mark.parametrize("filtered", ["last_day", "raw"])
@pytest.mark.parametrize("specials", ["ignore", "count"])
def test_windows_find_every_current_event_however_upstream_counts(
    guide: Running, direction: str, filtered: str, specials: str
) -> None:
    guide.switch(SLUG, "recent", "newest_50")
    guide.switch(SLUG, "end_direction", direction)
    guide.switch(SLUG, "end_filter", filtered)
    guide.switch(SLUG, "special_dates", specials)
    rows = Rows("event")
    today = date(2026, 5, 4)
    Reading(call(guide)).windows(
        routes.EVENTS_END, rows, today - timedelta(days=1), today + timedelta(days=729)
    )
    ends = {key: row["end"] for key, row in rows.found.items()}
    assert ("event", "") in read(call(guide)).complete
    assert rows.whole
    everything = Rows("event")
    guide.switch(SLUG, "recent", "everything")
    assert list(Reading(call(guide)).pages(routes.EVENTS_RECENT, everything))
    current = {key for key, row in everything.found.items() if row["end"] > "2026-05-05 00:00:00"}
    assert current
    assert current <= set(ends)


def test_events_of_other_lists_that_the_windows_do_not_show_forbid_completion(guide: Running) -> None:
    guide.fault(SLUG, "404_empty", path="events/end")
    found = read(call(guide))
    assert found.error is None
    assert found.complete == WHOLE[1:]
    assert len(found.keys("event")) == 54


def test_an_ignored_offset_ends_the_reading_and_proves_nothing(guide: Running, wire: str) -> None:
    guide.fault(SLUG, "ignored_offset")
    found = read(call(guide, wire))
    assert found.error is None
    assert len(found.keys("person")) == 48
    assert found.complete == WHOLE[:1]  # the windows need no offset
    assert len([path for path in asked(guide) if path.startswith("people/list")]) == 2


def test_a_window_that_is_cut_is_read_day_by_day(guide: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_OF_A_WINDOW", 3)
    rows, today = Rows("event"), date(2026, 5, 4)
    Reading(call(guide)).windows(
        routes.EVENTS_START, rows, today - timedelta(days=60), today + timedelta(days=90)
    )
    assert rows.whole
    assert len(rows.found) >= 40
    monkeypatch.setattr(reading, "MOST_OF_A_WINDOW", 1)
    Reading(call(guide)).windows(routes.EVENTS_START, rows, today, today + timedelta(days=7))
    assert not rows.whole


def test_what_is_to_come_and_not_listed_is_asked_for_by_its_id(guide: Running) -> None:
    gone = str(guide.mutate(SLUG, "remove_event")["id"])
    found = read(call(guide, upcoming=[gone]))
    assert f"id={gone}" in "".join(asked(guide))
    assert ("event", gone) not in found.documents
    assert found.complete == WHOLE


def test_empty_lists_are_no_reason_to_ask_for_details(guide: Running) -> None:
    guide.fault(SLUG, "404_empty")
    found = read(call(guide, upcoming=["2831"]))
    assert (found.documents, found.refused, found.error) == ({}, [], None)
    assert found.complete == WHOLE  # the pipeline takes a scope that came back empty for a failure


def test_an_unreadable_id_is_refused_without_a_key() -> None:
    rows = Rows("event")
    assert rows.take([{"id": "12"}, {"id": "x"}, {"name": "none"}, "text", {"id": "0012"}, {"id": 7}]) == [
        "12",
        "7",
    ]
    assert [(refusal.kind, refusal.key, refusal.scope) for refusal in rows.refused] == [
        ("event", None, "")
    ] * 3


# An hourly run


def test_an_hourly_run_fetches_what_is_not_stored_as_it_is(guide: Running, wire: str) -> None:
    first = read(call(guide, wire, mode=Mode.CHANGES))
    assert len(first.keys("event")) == 54
    assert first.complete == []
    asked(guide)
    again = read(call(guide, wire, mode=Mode.CHANGES, stored=first.stored()))
    assert again.documents == {}
    assert len(set(again.seen)) == 54
    assert not any("detail" in path for path in asked(guide))
    renamed = str(guide.mutate(SLUG, "rename", name="Another Name")["id"])
    third = read(call(guide, wire, mode=Mode.CHANGES, stored=first.stored()))
    assert list(third.documents) == [("event", renamed)]
    assert third.stored()["event", renamed] != first.stored()["event", renamed]


def test_a_full_run_leaves_nothing_for_the_hourly_one(guide: Running) -> None:
    full = read(call(guide, "xml"))
    assert read(call(guide, "json", mode=Mode.CHANGES, stored=full.stored())).documents == {}


def test_an_hourly_run_stops_where_nothing_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 10)
    with running([SLUG], scale=60, now=NOW) as guide:
        stored = read(call(guide)).stored()
        asked(guide)
        read(call(guide, mode=Mode.CHANGES, stored=stored))
        assert len([path for path in asked(guide) if path.startswith("events/recent")]) == 2


# Going on


@pytest.mark.parametrize("mode", [Mode.FULL, Mode.CHANGES])
@pytest.mark.parametrize("batches", [1, 2, 3, 5])
def test_a_run_that_was_broken_off_goes_on_and_skips_nothing(
    guide: Running, mode: Mode, batches: int
) -> None:
    whole = read(call(guide, mode=mode))
    begun = read(call(guide, mode=mode), batches)
    asked(guide)
    stored = begun.stored() if mode is Mode.CHANGES else {}
    rest = read(call(guide, mode=mode, position=begun.batches[-1].position, stored=stored))
    details = [path for path in asked(guide) if "/detail" in path]
    assert {**begun.documents, **rest.documents} == whole.documents
    assert begun.complete + rest.complete == whole.complete
    assert len(details) + len(begun.documents) == len(whole.documents)


def test_a_run_starts_a_kind_over_where_its_list_has_changed(guide: Running) -> None:
    begun = read(call(guide), 2)
    guide.mutate(SLUG, "remove_event", id=begun.keys("event")[0])
    rest = read(call(guide, position=begun.batches[-1].position))
    assert rest.error is None
    assert len(rest.keys("event")) == 53


# Errors of the API


@pytest.mark.parametrize("status", ["all_200", "mapped"])
@pytest.mark.parametrize(
    ("code", "reason", "permanent"),
    [
        (100, "unauthorised", True),
        (101, "forbidden", True),
        (200, "unauthorised", True),
        (201, "item_unavailable", True),
        (202, "location_unknown", True),
        (404, "not_found", True),
        (500, "application_error", False),
        (999, "upstream_error", True),
    ],
)
def test_every_code_has_a_reason(
    guide: Running, wire: str, status: str, code: int, reason: str, permanent: bool
) -> None:
    guide.switch(SLUG, "failures", status)
    guide.fault(SLUG, f"error_{code}")
    for mode in (Mode.FULL, Mode.CHANGES):
        found = read(call(guide, wire, mode=mode))
        assert found.error is not None
        assert (found.reason, found.error.permanent, found.documents) == (reason, permanent, {})
        assert f"code {code}" in str(found.error)


def test_a_missing_parameter_other_than_the_key_is_our_mistake(guide: Running, wire: str) -> None:
    with pytest.raises(reading.FetchError) as caught:
        Reading(call(guide, wire)).items(routes.EVENTS_PROXIMITY, {})
    assert (caught.value.reason, "(query)" in str(caught.value)) == ("bad_request", True)


def test_a_wrong_key_is_told_from_an_inactive_one(guide: Running, wire: str) -> None:
    for key, reason in (
        ("nonsense", "unauthorised"),
        ("retired-key-of-the-arts-guide-simulator", "forbidden"),
    ):
        environment = {**guide.environment(), "PROVIDER_HAPPENSTAND_API_KEY": key}
        config = registry.configure(environment)[SLUG].config
        visit = call(guide, wire)
        visit.config = config
        assert read(visit).reason == reason


def test_single_details_that_fail_for_good_are_refused_alone(guide: Running, wire: str) -> None:
    guide.fault(SLUG, "error_999", times=2, path="events/detail")
    found = read(call(guide, wire))
    assert found.error is None
    assert [(one.kind, one.reason) for one in found.refused] == [("event", "upstream_error")] * 2
    assert len(found.keys("event")) == 52
    assert found.complete == WHOLE


def test_three_details_in_a_row_that_fail_in_passing_end_the_run(guide: Running) -> None:
    guide.fault(SLUG, "error_500", path="people/detail")
    found = read(call(guide))
    assert found.reason == "application_error"
    assert found.complete == WHOLE[:2]
    assert found.batches[-1].position == {"step": "person"}
    guide.clear()
    rest = read(call(guide, position=found.batches[-1].position))
    assert rest.complete == WHOLE[2:]


def test_two_failures_in_passing_are_the_items_own(guide: Running) -> None:
    guide.fault(SLUG, "error_500", times=2, path="places/detail")
    found = read(call(guide))
    assert [(one.kind, one.reason) for one in found.refused] == [("place", "application_error")] * 2
    assert found.complete == WHOLE


def test_an_item_that_vanishes_while_the_run_reads_is_left_out(guide: Running, wire: str) -> None:
    guide.fault(SLUG, "error_201", times=1, path="events/detail")
    found = read(call(guide, wire))
    assert (found.refused, len(found.keys("event"))) == ([], 53)


@pytest.mark.parametrize("path", ["places/list", "people/list", "events/picks", "events/start", "events/end"])
def test_a_list_that_upstream_does_not_know_is_refused_by_name(guide: Running, path: str) -> None:
    guide.fault(SLUG, "error_404", path=path)
    found = read(call(guide))
    assert found.error is None
    assert [(one.kind, one.key, one.reason) for one in found.refused] == [("list", path, "not_found")]
    spared = {"places/list": ["place"], "people/list": ["person"], "events/picks": []}.get(path, ["event"])
    assert found.complete == [pair for pair in WHOLE if pair[0] not in spared]
    assert len(found.keys("event")) == 54


def test_a_doubled_root_costs_the_picks_alone_and_only_in_xml(guide: Running, wire: str) -> None:
    guide.fault(SLUG, "doubled_root")
    for mode in (Mode.FULL, Mode.CHANGES):
        found = read(call(guide, wire, mode=mode))
        assert found.error is None
        refused = [("events/picks", "truncated_document")] if wire == "xml" else []
        assert [(one.key, one.reason) for one in found.refused] == refused
        assert len(found.keys("event")) == 54


def test_characters_lost_in_xml_are_taken_from_the_json_twin(guide: Running) -> None:
    plain = read(call(guide)).documents
    guide.fault(SLUG, "lost_characters")
    assert any("\u201d" in document.body.decode() for document in plain.values())
    found = read(call(guide, "xml"))
    assert {pair: one.body for pair, one in found.documents.items()} == {p: d.body for p, d in plain.items()}


def test_lost_characters_stay_where_there_is_no_twin(guide: Running) -> None:
    guide.fault(SLUG, "lost_characters")
    reader = Reading(call(guide, "xml"))
    key = next(
        key for (kind, key), one in read(call(guide)).documents.items() if "\u201d" in one.body.decode()
    )
    found = reader.detail(routes.EVENTS_DETAIL, key)
    assert "\ufffd" not in json.dumps(found, ensure_ascii=False)
    xml = Reading(call(guide, "xml"))._one(routes.EVENTS_DETAIL, key, "xml")
    assert "\ufffd" in json.dumps(xml, ensure_ascii=False)


# Faults on the way


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("connect_timeout", "read_timeout"),
        ("read_timeout", "read_timeout"),
        ("reset", "connection_reset"),
        ("500", "server_error"),
        ("500_html", "server_error"),
        ("502_html", "server_error"),
        ("429", "rate_limited"),
        ("429_retry_after", "rate_limited"),
        ("401", "unauthorised"),
        ("403", "forbidden"),
        ("html_200", "html_instead_of_data"),
        ("truncated_json", "truncated_document"),
        ("huge_body", "body_too_large"),
        ("gzip_bomb", "decompression_bomb"),
        ("redirect_private", "redirect_refused"),
    ],
)
def test_a_fault_on_the_way_has_a_name_and_completes_nothing(guide: Running, fault: str, reason: str) -> None:
    guide.fault(SLUG, fault)
    found = read(call(guide))
    assert (found.reason, found.complete, found.documents) == (reason, [], {})
    assert isinstance(found.error, RetryLater) is (reason == "rate_limited")


@pytest.mark.parametrize("fault", ["html_200", "truncated_json", "500", "reset"])
def test_a_fault_in_the_details_keeps_what_came_before(guide: Running, fault: str) -> None:
    guide.fault(SLUG, fault, path="places/detail")
    found = read(call(guide))
    assert found.error is not None
    assert len(found.keys("event")) == 54
    assert found.complete == WHOLE[:1]


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        ("wrong_types", {"wrong_type"}),
        ("missing_field", {"missing_field"}),
        ("bad_timestamps", {"timestamp_out_of_range"}),
        ("invalid_utf8", {"bad_encoding"}),
        ("unknown_fields", set()),
        ("duplicate_ids", set()),
        ("missing_end", set()),
        ("zero_date", set()),
        ("empty_image", set()),
    ],
)
def test_a_bad_document_is_one_of_many(guide: Running, wire: str, fault: str, reasons: set[str]) -> None:
    guide.fault(SLUG, fault)
    found = read(call(guide, wire))
    assert (found.error, found.refused, len(found.documents)) == (None, [], 116)
    said = []
    for document in found.documents.values():
        try:
            assert PROVIDER.map(document, call(guide).config)
        except Unmappable as error:
            said.append(error.reason)
    assert set(said) == reasons
    assert len(said) == len(reasons)


# All twelve calls


@pytest.mark.parametrize(
    ("route", "values"),
    [
        (routes.EVENTS_RECENT, {"loc": 1, "offset": 3, "length": 5}),
        (routes.EVENTS_START, {"date": "2026-05-04", "days": 20, "ap_pick": "false"}),
        (routes.EVENTS_END, {"date": "2026-06-04", "days": 30, "length": 4}),
        (routes.EVENTS_PROXIMITY, {"query": "37.7726402,-122.4099154", "distance": 30}),
        (routes.EVENTS_PICKS, {}),
        (routes.EVENTS_DETAIL, {"id": 2831}),
        (routes.PLACES_LIST, {"start": "l"}),
        (routes.PLACES_PROXIMITY, {"query": "94103", "distance": 30, "offset": 1}),
        (routes.PLACES_DETAIL, {"id": 73}),
        (routes.PEOPLE_LIST, {"length": 7}),
        (routes.PEOPLE_DETAIL, {"id": 1103}),
        (routes.SEARCH, {"query": "fog lantern"}),
    ],
)
def test_every_call_says_the_same_in_both_formats(
    guide: Running, route: routes.Route, values: dict[str, str | int]
) -> None:
    there = {wire: Reading(call(guide, wire)).items(route, values) for wire in FORMATS}
    assert there["json"]
    assert there["json"] == there["xml"]


# Settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FORMAT", "csv", "the format is json or xml"),
        ("ALL_DAY_END", "never", "exclusive or inclusive"),
        ("BASE_URL", "ftp://api.happenstand.com/", "https://"),
        ("API_KEY", "two words", "one word"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(name: str, value: str, sentence: str) -> None:
    environment = {"PROVIDER_HAPPENSTAND_API_KEY": "k" * 20, f"PROVIDER_HAPPENSTAND_{name}": value}
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        registry.configure(environment)
    assert caught.value.variable == f"PROVIDER_HAPPENSTAND_{name}"


def test_the_documented_host_is_the_default_and_the_format_does_not_bind() -> None:
    entries = [
        registry.configure({"PROVIDER_HAPPENSTAND_API_KEY": "some-key", "PROVIDER_HAPPENSTAND_FORMAT": wire})
        for wire in ("JSON", "xml")
    ]
    configs = [entry[SLUG].config for entry in entries]
    assert [config.binding() for config in configs if config] == ["some-key"] * 2
    assert [config.origins() for config in configs if config] == [("http://api.happenstand.com/v1/",)] * 2
