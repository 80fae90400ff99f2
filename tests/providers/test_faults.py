"""The fault matrix: every way in which an upstream can fail, for every provider, over real HTTP.

Each time the same story: a healthy ingest, then the fault and another ingest, then the fault is over. The bad run
bears a name, takes nothing away, shows no visitor a traceback, and the next one is healthy.
"""

import html
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from aggregator.http import Limits
from aggregator.models import IngestRun, Rejection, Source, SourceDocument
from aggregator.vocabulary import RunState, SourceState
from aggregator.web.reasons import sentence
from providers import registry
from providers.simulation.faults import DOCUMENT, TRANSPORT
from providers.simulation.running import fault_named
from tests.providers.upstreams import NOW, WITH_SHOWINGS, Upstream, rows, upstream, withdrawn

pytestmark = pytest.mark.django_db

#: No second attempts, which are the client's own tests'. A server that answers is waited for, on a busy machine too;
#: one that says nothing is given up soon.
SHORT = Limits(connect=0.5, read=10.0, total=20, max_bytes=4 * 1024 * 1024, attempts=1)
SHORTEST = replace(SHORT, read=0.2)
SCALE = 25


@dataclass(frozen=True)
class Bad:
    """What becomes of a run that the fault strikes wherever it asks: how it ends, why, what is quarantined.

    source: what the source is then. refused: why the documents that it struck are in quarantine. about_times: that
    it strikes a time, without which a document is refused only by a provider of showings.
    """

    state: RunState
    reason: str = ""
    source: SourceState = SourceState.BACKING_OFF
    refused: str = ""
    about_times: bool = False

    def refused_of(self, slug: str) -> str:
        """The reason in quarantine after an ingest of *slug*; "" where nothing is refused."""
        return "" if self.about_times and slug not in WITH_SHOWINGS else self.refused


OPERATOR = SourceState.NEEDS_ATTENTION
WELL = SourceState.IDLE

#: fault (as ``manage.py simulate --list-faults`` names it) → what becomes of a run
MATRIX: dict[str, Bad] = {
    # The answer does not come, or not whole
    "connect_timeout": Bad(RunState.FAILED, "read_timeout"),
    "read_timeout": Bad(RunState.FAILED, "read_timeout"),
    "reset": Bad(RunState.FAILED, "connection_reset"),
    "truncated_json": Bad(RunState.FAILED, "truncated_document"),
    # The answer is an error
    "500": Bad(RunState.FAILED, "server_error"),
    "502_html": Bad(RunState.FAILED, "server_error"),
    "429": Bad(RunState.WAITING, "rate_limited", WELL),
    "429_retry_after": Bad(RunState.WAITING, "rate_limited", WELL),
    "401": Bad(RunState.FAILED, "unauthorised", OPERATOR),
    "403": Bad(RunState.FAILED, "forbidden", OPERATOR),
    # The answer is not what was asked for
    "404_empty": Bad(RunState.FAILED, "nothing_received"),
    "html_200": Bad(RunState.FAILED, "html_instead_of_data"),
    "huge_body": Bad(RunState.FAILED, "body_too_large"),
    "gzip_bomb": Bad(RunState.FAILED, "decompression_bomb"),
    "redirect_private": Bad(RunState.FAILED, "redirect_refused"),
    # One document of many is wrong
    "wrong_types": Bad(RunState.HEALTHY, source=WELL, refused="wrong_type"),
    "missing_field": Bad(RunState.HEALTHY, source=WELL, refused="missing_field"),
    "invalid_utf8": Bad(RunState.HEALTHY, source=WELL, refused="bad_encoding"),
    "bad_timestamps": Bad(RunState.HEALTHY, source=WELL, refused="timestamp_out_of_range", about_times=True),
    # What does no harm
    "unknown_fields": Bad(RunState.HEALTHY, source=WELL),
    "duplicate_ids": Bad(RunState.HEALTHY, source=WELL),
    "slow": Bad(RunState.HEALTHY, source=WELL),
}
HANGING = {name for name, bad in MATRIX.items() if bad.reason == "read_timeout"}
# Each answer of "slow" takes two seconds: it strikes once, in a test of its own.
STRUCK = [name for name in MATRIX if name != "slow"]


@pytest.fixture(params=sorted(registry.discover()))
def slug(request: pytest.FixtureRequest) -> str:
    """Every provider in turn."""
    return str(request.param)


@pytest.fixture(autouse=True)
def _at_the_simulated_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are looked at on the day that the simulations stand still on."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def seen_by_a_visitor(path: str) -> str:
    """A page as text; a view that raises fails the test here."""
    answer = Client().get(path)
    assert answer.status_code == 200
    page = html.unescape(answer.content.decode())
    assert "Traceback" not in page
    return page


def assert_nothing_is_lost(before: dict[str, Any]) -> None:
    """Rows are as they were, and visitors find them."""
    assert rows() == before
    assert withdrawn() == []
    assert not SourceDocument.objects.exclude(gone_at=None).exists()
    assert 'href="/events/' in seen_by_a_visitor("/events/")


def assert_recovered(source: Upstream, before: dict[str, Any]) -> None:
    """The fault is over: reading everything again is healthy and leaves no trace of it."""
    run = source.ingest(full=True)
    assert (run.state, run.reason, run.rejected, run.withdrawn) == (RunState.HEALTHY, "", 0, 0)
    stored = Source.objects.get(slug=source.slug)
    assert (stored.state, stored.reason, stored.failures) == (SourceState.IDLE, "", 0)
    kinds = SourceDocument.objects.filter(provider=source.slug).values("kind")
    assert not Rejection.objects.filter(kind__in=kinds).exists()
    assert_nothing_is_lost(before)


def assert_ended(run: IngestRun, expected: Bad) -> None:
    """The run bears the expected name, for the operator in words too."""
    assert (run.state, run.reason) == (expected.state, expected.reason)
    assert (run.withdrawn, run.created) == (0, 0)
    assert Source.objects.get(slug=run.provider).state == expected.source
    reasons = set(Rejection.objects.values_list("reason", flat=True))
    refused = expected.refused_of(run.provider)
    assert reasons == {refused} if refused else reasons <= {expected.reason}
    assert run.rejected == Rejection.objects.count()
    page = seen_by_a_visitor("/sources/")
    for reason in filter(None, (expected.reason if run.state == RunState.FAILED else "", refused)):
        assert str(sentence(reason)) in page


def test_the_matrix_knows_every_fault_that_all_simulators_can_be_given() -> None:
    assert set(MATRIX) == {*TRANSPORT, *DOCUMENT}


@pytest.mark.parametrize("fault", STRUCK)
def test_a_fault_has_a_name_takes_nothing_away_and_passes(slug: str, fault: str, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        assert source.ingest().state == RunState.HEALTHY
        before = rows()
        source.simulation.fault(slug, fault)
        # Everything is asked for anew, so that faults in documents strike too.
        run = source.ingest(full=True, limits=SHORTEST if fault in HANGING else SHORT)
        assert_ended(run, MATRIX[fault])
        assert_nothing_is_lost(before)
        source.simulation.clear()
        assert_recovered(source, before)


def test_a_slow_answer_is_waited_for(slug: str, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        source.simulation.fault(slug, "slow", times=1)
        run = source.ingest()
        assert (run.state, run.reason, run.rejected) == (RunState.HEALTHY, "", 0)
        assert source.simulation.stage.board.listing() == []


def test_every_fault_can_be_switched_on_by_its_name_from_the_start(slug: str, settings: Any) -> None:
    for name in MATRIX:
        assert fault_named(f"{slug}:{name}") == (slug, name)
    with upstream(slug, settings, scale=SCALE, faults=[f"{slug}:500"]) as source:
        assert_ended(source.ingest(limits=SHORT), MATRIX["500"])


def test_a_fault_of_a_single_address_leaves_the_rest_untouched(
    slug: str, settings: Any, subtests: pytest.Subtests
) -> None:
    """The last address of a run: details, where a provider has such. It may cost the run, but no row."""
    with upstream(slug, settings, scale=SCALE) as source:
        source.ingest()
        before = rows()
        last = source.asked()[-1]
        for fault in (name for name in STRUCK if name in TRANSPORT):
            with subtests.test(fault):
                source.simulation.fault(slug, fault, path=last)
                run = source.ingest(full=True, limits=SHORTEST if fault in HANGING else SHORT)
                assert last in source.asked()
                assert_single(run, MATRIX[fault].reason)
                assert_nothing_is_lost(before)
            source.simulation.clear()
            with subtests.test(f"after {fault}"):
                assert_recovered(source, before)


def assert_single(run: IngestRun, reason: str) -> None:
    """The reason stands at the run or, where it could go on without that address, in quarantine."""
    refused = set(Rejection.objects.values_list("reason", flat=True))
    if run.state == RunState.HEALTHY:
        assert refused == {reason}
        assert run.rejected == 1
    else:
        assert run.reason == reason
        assert refused <= {reason}
    assert run.withdrawn == 0


def test_spoiled_documents_of_a_first_ingest_cost_these_documents(slug: str, settings: Any) -> None:
    """Nothing is stored yet, and each kind of fault strikes one: all other documents are stored."""
    with upstream(slug, settings, scale=400) as source:
        expected = {fault: reason for fault in DOCUMENT if (reason := MATRIX[fault].refused_of(slug))}
        for fault in expected:
            source.simulation.fault(slug, fault, times=1)
        run = source.ingest()
        assert (run.state, run.rejected) == (RunState.HEALTHY, len(expected))
        reasons = sorted(Rejection.objects.values_list("reason", flat=True))
        assert reasons == sorted(expected.values())
        assert all(Rejection.objects.exclude(reason="bad_encoding").values_list("path", flat=True))
        refused, stored = {f"{each.kind} {each.key}" for each in Rejection.objects.all()}, set(rows())
        assert SourceDocument.objects.count() == run.fetched - len(expected)
        assert len(stored) > 50
        source.simulation.clear()
        run = source.ingest(full=True)
        assert run.state == RunState.HEALTHY
        assert not Rejection.objects.exists()
        assert set(rows()) > stored
        assert refused <= {f"{each.kind} {each.key}" for each in SourceDocument.objects.all()}


def test_the_fields_that_nobody_documented_are_kept_with_the_document(slug: str, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        source.simulation.fault(slug, "unknown_fields")
        source.ingest()
    bodies = [zlib.decompress(row.body) for row in SourceDocument.objects.filter(provider=slug)]
    assert [body for body in bodies if b"xFuture" in body]


# Refused and unanswered connections ------------------------------------------------------------------------


def test_a_refused_connection_has_a_name_takes_nothing_away_and_passes(slug: str, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        source.ingest()
        before, port = rows(), source.simulation.port
    # The simulator is down: nobody listens on its port.
    assert_ended(source.ingest(full=True, limits=SHORT), Bad(RunState.FAILED, "connection_refused"))
    assert_nothing_is_lost(before)
    with upstream(slug, settings, scale=SCALE, port=port) as source:
        assert_recovered(source, before)


def test_a_connection_that_nobody_takes_has_a_name_and_takes_nothing_away(slug: str, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        source.ingest()
        before, port = rows(), source.simulation.port
    with deaf(port):
        assert_ended(source.ingest(full=True, limits=SHORT), Bad(RunState.FAILED, "connect_timeout"))
    assert_nothing_is_lost(before)
    with upstream(slug, settings, scale=SCALE, port=port) as source:
        assert_recovered(source, before)


@contextmanager
def deaf(port: int) -> Iterator[None]:
    """A port whose queue of connections is full, so that the next one gets no answer at all."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:
        one.setblocking(False)
        with suppress(BlockingIOError):
            one.connect(("127.0.0.1", port))
    time.sleep(0.05)
    try:
        yield
    finally:
        for one in (*waiting, listener):
            one.close()


# How long, how much ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "least"), [("429_retry_after", 2.0), ("429", 0.5)])
def test_a_run_that_is_put_off_waits_as_long_as_upstream_asks_and_then_goes_on(
    slug: str, fault: str, least: float, settings: Any
) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        source.simulation.fault(slug, fault, times=1)
        asked_at = datetime.now(UTC)
        run = source.ingest(limits=SHORT)
        assert run.state == RunState.WAITING
        assert timedelta(seconds=least) <= run.due_at - asked_at <= timedelta(hours=1)
        if fault == "429_retry_after":
            assert run.due_at - asked_at < timedelta(seconds=10)
        again = source.ingest()
    assert (again.pk, again.state, again.reason) == (run.pk, RunState.HEALTHY, "")


def test_two_hundred_megabytes_are_stopped_at_the_provider_s_own_limit(slug: str, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        source.ingest()
        before = rows()
        source.simulation.fault(slug, "huge_body")
        run = source.ingest(full=True)
    assert (run.state, run.reason) == (RunState.FAILED, "body_too_large")
    assert rows() == before


def test_a_source_that_keeps_failing_is_left_alone_for_longer_each_time(slug: str, settings: Any) -> None:
    waits = []
    with upstream(slug, settings, scale=SCALE) as source:
        source.ingest()
        source.simulation.fault(slug, "500")
        for _ in range(4):
            source.ingest(limits=SHORT)
            until = Source.objects.get(slug=slug).backoff_until
            assert until is not None
            waits.append(until - source.simulation.now())
    assert waits[0] < waits[2]
    assert waits[1] < waits[3]
    assert waits[0] >= timedelta(seconds=30)
