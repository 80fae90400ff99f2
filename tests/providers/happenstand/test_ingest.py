"""Happenstand through the pipeline: twins, what is withdrawn, what is not, and what is held."""

from typing import Any

import pytest

from aggregator.ingest import leases, pipeline
from aggregator.models import Event, Rejection, Showing, SourceDocument
from aggregator.vocabulary import Mode, RunState
from tests.providers.upstreams import listing_writes, pointed, rows, upstream, withdrawn

pytestmark = pytest.mark.django_db
SLUG = "happenstand"
XML = {"PROVIDER_HAPPENSTAND_FORMAT": "xml"}


def test_a_run_in_xml_after_one_in_json_writes_no_row(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        before = rows()
        with listing_writes() as written:
            run = pointed(SLUG, source.simulation, settings, environ=XML).ingest(full=True)
    assert (run.state, run.created, run.updated, run.withdrawn) == (RunState.HEALTHY, 0, 0, 0)
    assert run.unchanged == run.fetched == SourceDocument.objects.count()
    assert written == []
    assert rows() == before


def test_an_event_that_is_gone_is_withdrawn_with_its_special_events(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        gone = source.simulation.mutate(SLUG, "remove_event")
        hourly = source.ingest(Mode.CHANGES)
        assert (hourly.state, hourly.withdrawn) == (RunState.HEALTHY, 0)
        run = source.ingest()
        showings: Any = gone["showings"]
        assert (run.state, run.reason) == (RunState.HEALTHY, "")
        assert withdrawn() == sorted([str(gone["id"]), *showings])
        source.simulation.mutate(SLUG, "restore")
        source.ingest()
    assert withdrawn() == []


def test_a_special_event_that_is_gone_is_withdrawn_alone(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        gone = source.simulation.mutate(SLUG, "remove_showing")
        run = source.ingest()
    assert run.state == RunState.HEALTHY
    assert withdrawn() == [gone["id"]]


def test_what_is_over_may_leave_the_lists_and_stays_on_our_pages(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        source.simulation.switch(SLUG, "recent", "newest_50")
        source.simulation.advance(7 * 86_400)
        run = source.ingest()
    assert (run.state, run.withdrawn) == (RunState.HEALTHY, 0)
    assert SourceDocument.objects.exclude(gone_at=None).exists()
    assert withdrawn() == []


def test_lists_that_shrink_hold_the_withdrawal(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        source.simulation.mutate(SLUG, "shrink", share=0.1)
        run = source.ingest()
        assert (run.state, run.reason) == (RunState.HELD, "too_many_withdrawn")
        assert withdrawn() == []
        assert source.ingest(force=True).withdrawn > 5


def test_lists_that_come_back_empty_are_a_failure(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        source.simulation.fault(SLUG, "404_empty")
        run = source.ingest()
    assert (run.state, run.reason) == (RunState.FAILED, "nothing_received")
    assert withdrawn() == []


def test_windows_that_show_nothing_withdraw_nothing(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        source.simulation.mutate(SLUG, "remove_event")
        source.simulation.fault(SLUG, "404_empty", path="events/end")
        run = source.ingest()
    assert (run.state, run.withdrawn, withdrawn()) == (RunState.HEALTHY, 0, [])


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("wrong_types", "wrong_type"),
        ("missing_field", "missing_field"),
        ("invalid_utf8", "bad_encoding"),
        ("bad_timestamps", "timestamp_out_of_range"),
    ],
)
def test_a_bad_document_is_put_aside_and_keeps_its_row(fault: str, reason: str, settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        source.simulation.fault(SLUG, fault)
        run = source.ingest()
        assert (run.state, run.rejected, run.withdrawn) == (RunState.HEALTHY, 1, 0)
        assert [one.reason for one in Rejection.objects.all()] == [reason]
        source.simulation.clear()
        source.ingest()
    assert not Rejection.objects.exists()


def test_an_event_without_dates_loses_its_showing_and_not_its_page(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.simulation.fault(SLUG, "zero_date")
        source.ingest()
    bare = Event.objects.exclude(external_id__in=Showing.objects.values("event__external_id"))
    dated = Showing.objects.filter(external_id__in=Event.objects.values("external_id"))
    assert dated.count() == Event.objects.count() - 1
    assert bare.count() <= 1


def test_remapping_under_the_other_rule_moves_the_last_days(settings: Any) -> None:
    with upstream(SLUG, settings) as source:
        source.ingest()
        before = dict(Showing.objects.filter(precision="run").values_list("external_id", "local_end_date"))
        environ = {"PROVIDER_HAPPENSTAND_ALL_DAY_END": "inclusive"}
        other = pointed(SLUG, source.simulation, settings, environ=environ)
        source.simulation.forget_requests()
        lease = leases.acquire(SLUG, source.simulation.now())
        assert lease is not None
        assert pipeline.remap(other.configured, lease) == SourceDocument.objects.count()
        assert source.asked() == []
    after = dict(Showing.objects.filter(precision="run").values_list("external_id", "local_end_date"))
    assert before
    assert {(after[key] - day).days for key, day in before.items()} == {1}
