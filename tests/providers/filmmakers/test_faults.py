"""Every way in which upstream can misbehave, and its fate."""

import sys
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest

from aggregator.http import RetryLater
from aggregator.provider import Unmappable
from aggregator.records import PersonRecord
from aggregator.vocabulary import Kind
from providers.filmmakers import PROVIDER, listing
from providers.filmmakers.listing import links
from providers.filmmakers.simulator import API_KEY
from providers.simulation import Running, running
from tests.providers.filmmakers.asking import CHILD, SECONDS, details
from tests.providers.filmmakers.visits import Memory, Visit, config_of, until_it_breaks


def test_the_limit_of_upstream_is_obeyed_where_ours_was_wrong() -> None:
    with running(["filmmakers"]) as served:
        served.switch("filmmakers", "quota", "10")
        _, error = until_it_breaks(Visit.at(served))
    assert isinstance(error, RetryLater)
    ahead = (error.retry_at - datetime.now(UTC)).total_seconds()
    assert 0 <= ahead <= 301
    assert abs(error.retry_at.timestamp() / SECONDS - round(error.retry_at.timestamp() / SECONDS)) < 0.02


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("401", "unauthorised"),
        ("403", "forbidden"),
        ("500", "server_error"),
        ("500_plain", "server_error"),
        ("502_html", "server_error"),
        ("html_200", "html_instead_of_data"),
        ("truncated_json", "truncated_document"),
        ("reset", "connection_reset"),
        ("429", "rate_limited"),
        ("429_plain", "rate_limited"),
        ("redirect_private", "redirect_refused"),
        ("huge_body", "body_too_large"),
        ("gzip_bomb", "decompression_bomb"),
    ],
)
@pytest.mark.parametrize("path", ["actor_profiles", "actor_profiles/", "attributes/"])
def test_a_fault_everywhere_ends_the_run_by_its_name(
    simulation: Running, fault: str, reason: str, path: str
) -> None:
    simulation.fault("filmmakers", fault, path=path)
    _, error = until_it_breaks(Visit.at(simulation))
    assert error.reason == reason


@pytest.mark.parametrize("fault", ["500", "html_200", "truncated_json", "403", "wrong_id"])
def test_one_profile_that_fails_is_refused_alone_and_nothing_of_it_is_kept(
    simulation: Running, fault: str
) -> None:
    simulation.fault("filmmakers", fault, path="actor_profiles/4714")
    visit = Visit.at(simulation)
    refused = [each for batch in PROVIDER.fetch(visit) for each in batch.refused]
    assert [(each.kind, each.key, each.body) for each in refused] == [("profile", "4714", b"")]


def test_a_passing_fault_is_tried_once_more_at_once(simulation: Running) -> None:
    simulation.fault("filmmakers", "500", times=1, path="actor_profiles/4714")
    memory = Memory().run(simulation)
    assert memory.refused == []
    assert details(simulation).count("4714") == 2
    assert memory.spent.total() == 1 + 12 + sum(kind == "agency" for kind, _ in memory.stored)


@pytest.mark.parametrize(
    ("fault", "key", "reason"),
    [
        ("wrong_types", "4713", "wrong_type"),
        ("missing_field", "4714", "missing_field"),
        ("invalid_utf8", "4716", "bad_encoding"),
        ("bad_timestamps", "4717", None),
        ("unknown_fields", "4711", None),
        ("duplicate_key", "4711", None),
        ("empty_null_swap", "4711", None),
        ("missing_vita_group", "4711", None),
        ("unknown_slug", "4711", None),
        ("no_crop", "4711", None),
    ],
)
def test_a_fault_within_a_document_has_a_named_fate(
    simulation: Running, fault: str, key: str, reason: str | None
) -> None:
    simulation.fault("filmmakers", fault)
    memory = Memory().run(simulation)
    assert memory.refused == []
    document = memory.stored["profile", key]
    if reason == "bad_encoding":
        # The pipeline rejects a document that holds the readers' mark.
        assert "\ufdd0".encode() in document.body
    elif reason:
        with pytest.raises(Unmappable) as caught:
            PROVIDER.map(document, config_of(simulation))
        assert caught.value.reason == reason
    else:
        found = [
            each for each in PROVIDER.map(document, config_of(simulation)) if isinstance(each, PersonRecord)
        ]
        assert found[0].url.startswith(simulation.base_url)
        assert found[0].public


def test_a_list_with_somebody_twice_reads_them_once(simulation: Running) -> None:
    simulation.fault("filmmakers", "duplicate_ids")
    memory = Memory().run(simulation)
    assert sorted(details(simulation)).count("4711") == 1
    assert ("profile", "") in memory.complete


def test_an_empty_list_says_so_and_an_empty_page_with_a_next_one_is_no_whole_list(
    simulation: Running,
) -> None:
    simulation.fault("filmmakers", "404_empty")
    memory = Memory().run(simulation)
    assert ("profile", "") in memory.complete
    assert "profiles" not in memory.cursors
    simulation.clear()
    simulation.fault("filmmakers", "empty_with_next")
    memory.run(simulation)
    assert ("profile", "") not in memory.complete


def test_the_key_never_follows_the_list_to_another_host(simulation: Running) -> None:
    simulation.fault("filmmakers", "next_elsewhere")
    batches, error = until_it_breaks(Visit.at(simulation))
    assert error.reason == "redirect_refused"
    assert not any(("profile", "") in batch.complete for batch in batches)


def test_a_row_without_an_id_forbids_withdrawal_and_none_of_it_is_kept(simulation: Running) -> None:
    simulation.fault("filmmakers", "row_without_id")
    batches = list(PROVIDER.fetch(Visit.at(simulation)))
    (refused,) = [each for batch in batches for each in batch.refused]
    assert (refused.kind, refused.key, refused.scope, refused.body) == ("profile", None, "", b"")
    assert batches[-1].position == {"step": "done"}


def test_the_key_stands_in_the_header_and_in_no_url(simulation: Running) -> None:
    Memory().run(simulation)
    assert {request.headers["authorization"] for request in simulation.requests} == {f"Token token={API_KEY}"}
    assert not [request for request in simulation.requests if API_KEY in request.path]


def test_forgetting_names_people(simulation: Running) -> None:
    forgotten = [each for batch in PROVIDER.fetch(Visit.at(simulation)) for each in batch.forgotten]
    assert forgotten == [(Kind.PERSON, CHILD)]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", {}),
        ('<https://a/?p=2>; rel="next"', {"next": "https://a/?p=2"}),
        ("<https://a/?p=2>;rel=next", {"next": "https://a/?p=2"}),
        ('<https://a/?f=x,y;z&p=2>; title="a, b; c"; rel="next"', {"next": "https://a/?f=x,y;z&p=2"}),
        (
            '<https://a/1>; rel="first prev", <https://a/9>; REL="Last" , <https://a/3>; rel="next"; x',
            {"first": "https://a/1", "prev": "https://a/1", "last": "https://a/9", "next": "https://a/3"},
        ),
        ('<https://a/1>; rel="next", <https://a/2>; rel="next"', {"next": "https://a/1"}),
        (r'<https://a/1>; title="\">, <https://evil/>; rel=next"; rel="x"', {"x": "https://a/1"}),
        ("<https://a/1>", {}),
        ("<https://a/1", {}),
        ('nonsense; rel="next"', {}),
    ],
)
def test_a_link_header_is_read_as_the_rfc_says(header: str, found: dict[str, str]) -> None:
    assert links(header) == found


@pytest.mark.parametrize("piece", ["<", '; rel="', "<a>; rel=x, ", '<a>; x="\\', "=;,"])
def test_a_header_twice_as_long_takes_twice_the_steps(piece: str) -> None:
    once, twice = steps_of(piece * 500), steps_of(piece * 1000)
    assert 0 < once <= twice <= 2 * once + 50


def steps_of(header: str) -> int:
    """How many lines of the module are run to read *header*."""
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal steps
        if frame.f_code.co_filename != listing.__file__:
            return None
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        links(header)
    finally:
        sys.settrace(before)
    return steps
