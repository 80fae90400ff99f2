"""One run of one provider: what is written, what is left alone, and how runs end."""

import json
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from aggregator.http import FetchError, RetryLater
from aggregator.ingest import intake, leases, pipeline, replay, schedule
from aggregator.models import (
    Credit,
    Event,
    FeedCursor,
    Image,
    IngestRun,
    Organisation,
    Provenance,
    Rejection,
    Showing,
    Source,
    SourceDocument,
    Venue,
)
from aggregator.provider import Batch, Refusal
from aggregator.records import EventRecord, VenueRecord
from aggregator.vocabulary import Mode, RunState, SourceState
from tests.toy import NOW, Toy, ToyConfig, item, showing

pytestmark = pytest.mark.django_db(transaction=True)

LISTING_TABLES = (
    *(
        "aggregator_event",
        "aggregator_showing",
        "aggregator_venue",
        "aggregator_organisation",
        "aggregator_image",
    ),
    *(
        "aggregator_credit",
        "aggregator_offer",
        "aggregator_film",
        "aggregator_festival",
        "aggregator_provenance",
    ),
)


def writes(queries: CaptureQueriesContext, *tables: str) -> list[str]:
    """The captured statements that write to one of *tables*."""
    return [
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE")
        and query["sql"].split('"')[1] in (tables or LISTING_TABLES)
    ]


def rows() -> list[tuple[Any, ...]]:
    """Everything about listing rows that an undisturbed run decides."""
    columns = ("external_id", "fingerprint", "seats_fingerprint", "withdrawn_at", "event__external_id")
    return list(
        Showing.objects.order_by("external_id").values_list(*columns, "venue__external_id", "starts_at")
    )


def forget_everything() -> None:
    """Back to an empty database."""
    for model in (Rejection, SourceDocument, Event, Venue, Organisation, FeedCursor, IngestRun, Source):
        model.objects.all().delete()
    caches["vocabulary"].clear()  # search need not tell again which words it knows


def test_a_first_run_stores_rows_parts_documents_and_their_ties(settings: Any) -> None:
    run = Toy([item(1, showings=[showing("1a"), showing("1b", 2)]), item(2)]).ingest(settings)
    assert (run.state, run.reason) == (RunState.HEALTHY, "")
    assert (run.fetched, run.rejected, run.withdrawn) == (2, 0, 0)
    assert run.created == 2 + 3 + 1 + 1
    event = Event.objects.get(external_id="1")
    assert event.titles == {"sv": "Kväll 1"}
    assert event.folded == "kväll 1"
    assert [showing.external_id for showing in event.showings.order_by("starts_at")] == ["1a", "1b"]
    assert list(event.credits.order_by("position").values_list("name", flat=True)) == ["Ada", "Bo"]
    assert event.images.get().url == "http://toy.example/1.jpg"
    assert event.organisation is not None
    document = SourceDocument.objects.get(key="1")
    assert json.loads(zlib.decompress(document.body))["id"] == "1"
    assert set(document.provenance.values_list("kind", flat=True)) >= {"event", "showing"}
    assert Source.objects.get(slug="toy").state == SourceState.IDLE


def test_an_unchanged_feed_writes_no_listing_row(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 30)])
    toy.ingest(settings)
    before = rows()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run = toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert run.state == RunState.HEALTHY
    assert (run.created, run.updated, run.seats, run.unchanged) == (0, 0, 0, 29)
    assert writes(queries) == []
    assert writes(queries, "aggregator_ingestrun") != []
    assert rows() == before


@pytest.mark.parametrize("first", [1, 2], ids=["one after the other", "together"])
def test_who_speaks_for_a_row_says_when_it_changed_whenever_they_come(settings: Any, first: int) -> None:
    """Both documents say the same of the venue; the second has the better right to."""

    def mapped(document: Any, config: Any) -> Any:
        own = document.key == "2"
        stamp = NOW - timedelta(days=9) if own else None
        return [
            VenueRecord(external_id="v", name="Ladan", authority="" if own else "5", modified_at=stamp),
            EventRecord(external_id=document.key, titles={"sv": document.key}),
        ]

    toy = Toy([item(1), item(2)][:first], mapper=mapped)
    toy.ingest(settings)
    toy.items = [item(1), item(2)]
    toy.ingest(settings, now=NOW + timedelta(hours=1))
    venue = Venue.objects.get()
    assert (venue.authority, venue.upstream_modified_at) == ("", NOW - timedelta(days=9))


def test_reading_everything_anew_writes_no_listing_row_either(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 30)])
    toy.ingest(settings)
    with CaptureQueriesContext(connection) as queries:
        toy.ingest(settings, full=True, now=NOW + timedelta(hours=1))
    assert writes(queries) == []


def test_seats_alone_rewrite_only_availability(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 6)])
    toy.ingest(settings)
    before = Showing.objects.get(external_id="3a")
    toy.items[2]["showings"][0]["free"] = 0
    with CaptureQueriesContext(connection) as queries:
        run = toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert (run.created, run.updated, run.seats) == (0, 0, 1)
    written = writes(queries)
    assert len(written) == 1
    assert '"aggregator_showing"' in written[0]
    assert '"titles" = EXCLUDED."titles"' not in written[0]
    after = Showing.objects.get(external_id="3a")
    assert (after.availability, after.seats_free) == ("soldout", 0)
    assert (after.updated_at, after.fingerprint, after.id) == (
        before.updated_at,
        before.fingerprint,
        before.id,
    )


@pytest.mark.parametrize("changed", [False, True])
def test_statements_do_not_grow_with_the_rows_of_a_batch(
    settings: Any, changed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FIRST_ROWS", 2000)
    monkeypatch.setattr(intake, "LONGEST", 10.0)

    def statements(count: int) -> int:
        toy = Toy([item(1000 + n) for n in range(count)], batch=count)
        if changed:
            toy.ingest(settings)
            for each in toy.items:
                each["title"] += "!"
        with CaptureQueriesContext(connection) as queries:
            toy.ingest(settings, full=True, force=True)
        forget_everything()
        return len(queries)

    assert statements(3) == statements(30) == statements(60)


def test_remap_rewrites_rows_without_a_request_after_a_mapping_change(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 4)])
    toy.ingest(settings)
    ids = dict(Event.objects.values_list("external_id", "id"))

    def shouting(document: Any, config: Any) -> Any:
        from dataclasses import replace

        from tests.toy import map_item

        return [
            replace(r, titles={"sv": r.titles["sv"].upper()}) if r.kind == "event" else r  # type: ignore[attr-defined, call-arg]
            for r in map_item(document, config)
        ]

    toy.mapper, toy.version = shouting, 2
    visits = len(toy.visits)
    lease = leases.acquire("toy", NOW)
    assert lease is not None
    assert pipeline.remap(toy.configured(), lease, clock=lambda: NOW) == 3
    leases.release(lease)
    assert len(toy.visits) == visits
    assert sorted(Event.objects.values_list("titles__sv", flat=True)) == ["KVÄLL 1", "KVÄLL 2", "KVÄLL 3"]
    assert dict(Event.objects.values_list("external_id", "id")) == ids
    assert set(SourceDocument.objects.values_list("mapping_version", flat=True)) == {2}


def test_a_run_maps_stale_documents_before_it_asks_upstream(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    toy.version = 2
    toy.items = []
    toy.fault = FetchError("server_error", url="http://toy.example/", status=500)
    assert toy.ingest(settings, mode=Mode.AVAILABILITY).state == RunState.FAILED
    assert Event.objects.get().mapping_version == 2


def test_a_bad_document_is_quarantined_and_the_others_are_stored(settings: Any) -> None:
    toy = Toy([item(1), item(2, broken=True), item(3)])
    run = toy.ingest(settings)
    assert (run.state, run.rejected) == (RunState.HEALTHY, 1)
    assert Event.objects.count() == 2
    rejection = Rejection.objects.get()
    assert (rejection.key, rejection.reason, rejection.path) == ("2", "wrong_type", "title")
    toy.ingest(settings, now=NOW + timedelta(hours=1))
    rejection.refresh_from_db()
    assert (rejection.attempts, rejection.first_seen_at) == (2, NOW)
    assert rejection.last_seen_at == NOW + timedelta(hours=1)
    del toy.items[1]["broken"]
    toy.ingest(settings, now=NOW + timedelta(hours=2))
    assert not Rejection.objects.exists()
    assert Event.objects.count() == 3


def test_a_rejected_document_never_withdraws_its_row(settings: Any) -> None:
    toy = Toy([item(1), item(2)])
    toy.ingest(settings)
    toy.items[1]["broken"] = True
    run = toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert (run.state, run.withdrawn) == (RunState.HEALTHY, 0)
    assert Event.objects.get(external_id="2").withdrawn_at is None


def test_quarantine_is_replayed_from_the_store_and_cleared_by_success(settings: Any) -> None:
    toy = Toy([item(1, broken=True)])
    toy.ingest(settings)
    toy.mapper = lambda document, config: []
    settings.PROVIDERS = {"toy": toy.configured()}
    ids = list(Rejection.objects.values_list("id", flat=True))
    assert replay.replay_ids(ids) == (1, 1)
    assert not Rejection.objects.exists()


def test_a_document_that_the_database_refuses_is_rejected_alone(settings: Any) -> None:
    from dataclasses import replace

    from tests.toy import map_item

    def nonsense(document: Any, config: Any) -> Any:
        records = list(map_item(document, config))
        if document.key == "2":
            records = [replace(r, showing_kind="juggling") if r.kind == "showing" else r for r in records]  # type: ignore[call-arg]
        if document.key == "3":
            records = [r for r in records if r.kind != "venue"]
        return records

    toy = Toy([item(n, venue={"id": f"v{n}", "name": "Hus"}) for n in range(1, 6)], mapper=nonsense)
    run = toy.ingest(settings)
    assert (run.state, run.rejected) == (RunState.HEALTHY, 2)
    assert sorted(Event.objects.values_list("external_id", flat=True)) == ["1", "4", "5"]
    reasons = dict(Rejection.objects.values_list("key", "reason"))
    assert reasons == {"2": "not_storable", "3": "dangling_reference"}


def test_a_mapping_that_crashes_rejects_the_document_only(settings: Any) -> None:
    run = Toy([item(1), item(2, venue=None)]).ingest(settings)
    assert (run.state, run.rejected) == (RunState.HEALTHY, 1)
    assert Rejection.objects.get().reason == "mapping_error"
    assert "Traceback" not in Rejection.objects.get().message


def test_more_than_a_tenth_and_more_than_five_rejected_make_the_run_fail(settings: Any) -> None:
    toy = Toy([item(n, broken=n <= 6) for n in range(1, 60)])
    run = toy.ingest(settings)
    assert (run.state, run.reason) == (RunState.FAILED, "too_many_rejected")
    assert Event.objects.count() == 53
    assert not FeedCursor.objects.exists()


def test_five_rejected_do_not_fail_a_run(settings: Any) -> None:
    run = Toy([item(n, broken=n <= 5) for n in range(1, 11)]).ingest(settings)
    assert run.state == RunState.HEALTHY


def test_an_upstream_fault_keeps_what_came_before_and_moves_no_cursor(settings: Any) -> None:
    fault = FetchError("server_error", url="http://toy.example/", status=500)
    toy = Toy([item(n) for n in range(1, 31)], fault=fault, after=20)
    run = toy.ingest(settings)
    assert (run.state, run.reason) == (RunState.FAILED, "server_error")
    assert Event.objects.count() == 20
    assert not FeedCursor.objects.exists()
    source = Source.objects.get(slug="toy")
    assert (source.state, source.failures) == (SourceState.BACKING_OFF, 1)
    assert source.backoff_until is not None
    assert source.backoff_until > NOW
    toy.fault = None
    assert toy.ingest(settings).state == RunState.HEALTHY
    source.refresh_from_db()
    assert (source.state, source.failures, source.backoff_until) == (SourceState.IDLE, 0, None)
    assert FeedCursor.objects.get().value == "30"


def test_bad_credentials_stop_the_source_and_tell_the_operator_once(settings: Any, mailoutbox: Any) -> None:
    from aggregator.ingest import notices, schedule

    settings.OPERATOR_EMAIL = "operator@example.org"
    fault = FetchError("unauthorised", url="http://toy.example/", status=401)
    toy = Toy([item(1)], fault=fault)
    toy.ingest(settings)
    toy.ingest(settings)
    assert Source.objects.get().state == SourceState.NEEDS_ATTENTION
    assert schedule.plan(NOW + timedelta(days=3)) == []
    assert notices.send_due(NOW) == 1
    assert notices.send_due(NOW) == 0
    assert "needs attention" in mailoutbox[0].subject
    toy.config = ToyConfig(api_key="another-key")
    settings.PROVIDERS = {"toy": toy.configured()}
    assert schedule.plan(NOW + timedelta(days=3)) != []


def test_cursors_are_bound_to_base_url_and_account(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    toy.ingest(settings)
    toy.config = ToyConfig(api_key="another-key")
    toy.ingest(settings)
    toy.config = ToyConfig(api_key="toy-key", base_url="http://other.example/")
    toy.ingest(settings)
    toy.config = ToyConfig(api_key="toy-key")
    toy.ingest(settings)
    toy.ingest(settings, full=True)
    assert toy.cursors == [None, "1", None, None, "1", None]


def test_a_run_that_spends_its_budget_yields_and_goes_on(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([item(n) for n in range(1, 41)])
    first = toy.ingest(settings, budget=0.0)
    assert first.state == RunState.WAITING
    assert Event.objects.count() == 10
    assert first.position == {"next": 10}
    run = first
    for _ in range(20):
        run = toy.ingest(settings, budget=0.0)
        if run.state != RunState.WAITING:
            break
        assert toy.visits[-1].position != {}
    # A toy forgets its position and starts over; a further attempt without a budget ends the same run.
    run = toy.ingest(settings)
    assert (run.pk, run.state) == (first.pk, RunState.HEALTHY)
    assert Event.objects.count() == 40


def test_fields_that_are_never_stored_and_our_own_secrets_reach_no_document(settings: Any) -> None:
    toy = Toy([item(1, passport="P123", text="the key is toy-key")], never_store=("passport",))
    toy.ingest(settings)
    body = zlib.decompress(SourceDocument.objects.get().body).decode()
    assert "passport" not in body
    assert "P123" not in body
    assert "toy-key" not in body
    assert Event.objects.get().descriptions == {"sv": "<p>the key is ***</p>"}


def test_our_own_secrets_reach_no_quarantine_either(settings: Any) -> None:
    toy = Toy([item(1)])
    echo = Refusal("item", "2", "bad_request", message="refused: toy-key", body=b"Key: toy-key")
    fetch = toy.fetch
    toy.fetch = lambda visit: iter([*fetch(visit), Batch(refused=(echo,))])  # type: ignore[method-assign]
    toy.ingest(settings)
    rejection = Rejection.objects.get()
    assert zlib.decompress(rejection.body) == b"Key: ***"
    assert rejection.message == "refused: ***"


def test_a_picture_that_is_gone_is_withdrawn_and_keeps_its_row_when_it_returns(settings: Any) -> None:
    from dataclasses import replace

    from tests.toy import map_item

    shown = {"pictures": True}

    def mapper(document: Any, config: Any) -> Any:
        records = map_item(document, config)
        if shown["pictures"]:
            return records
        return [replace(r, images=()) if r.kind == "event" else r for r in records]  # type: ignore[call-arg]

    toy = Toy([item(1)], mapper=mapper)
    toy.ingest(settings)
    picture = Image.objects.get()
    shown["pictures"] = False
    toy.items[0]["title"] = "Ny titel"
    toy.ingest(settings)
    picture.refresh_from_db()
    assert picture.withdrawn_at == NOW
    shown["pictures"] = True
    toy.items[0]["title"] = "Kväll 1"
    toy.ingest(settings)
    assert Image.objects.get(withdrawn_at=None).pk == picture.pk


def test_parts_follow_their_owner(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    toy.items[0]["names"] = ["Cissi"]
    toy.ingest(settings)
    assert list(Credit.objects.values_list("name", flat=True)) == ["Cissi"]


def test_the_newest_document_names_a_shared_venue_whatever_the_order(settings: Any) -> None:
    older, newer = (
        item(1, venue={"id": "v", "name": "Bio Mauritz"}),
        item(2, venue={"id": "v", "name": "Mauritz"}),
    )
    for order in ([older, newer], [newer, older]):
        for batch in (1, 2):
            toy = Toy(order, batch=batch)
            toy.ingest(settings)
            assert Venue.objects.get().name == "Mauritz"
            forget_everything()


def test_a_moved_showing_says_what_it_was_and_forgets_it_when_it_moves_back(settings: Any) -> None:
    toy = Toy([item(5)])
    toy.ingest(settings)
    was = Showing.objects.get()
    toy.items[0]["showings"][0]["at"] = (NOW + timedelta(days=6)).isoformat()
    toy.items[0]["venue"] = {"id": "v2", "name": "Skandia"}
    toy.ingest(settings)
    row = Showing.objects.get()
    assert (row.pk, row.state) == (was.pk, "moved")
    assert row.moved_from["starts_at"] == was.starts_at.isoformat()
    assert row.moved_from["venue_name"] == "Södra Ladan"
    toy.items[0] = item(5)
    toy.ingest(settings)
    row.refresh_from_db()
    assert (row.moved_from, row.state) == ({}, "scheduled")


def test_hiding_by_hand_survives_every_ingest(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    Event.objects.update(hidden_at=NOW, hidden_reason="asked for by the venue")
    toy.items[0]["title"] = "Ny"
    toy.ingest(settings)
    event = Event.objects.get()
    assert (event.hidden_at, event.hidden_reason, event.titles) == (
        NOW,
        "asked for by the venue",
        {"sv": "Ny"},
    )


def test_a_document_that_no_longer_speaks_of_a_row_stays_tied_as_not_current(settings: Any) -> None:
    toy = Toy([item(1, showings=[showing("1a"), showing("1b", 2)])])
    toy.ingest(settings)
    gone = Showing.objects.get(external_id="1b").pk
    toy.items[0]["showings"].pop()
    toy.ingest(settings)
    assert Provenance.objects.get(kind="showing", row=gone).current is False


def test_a_mention_in_passing_keeps_its_tie_when_another_document_takes_over(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    toy.items.append(item(2))
    toy.ingest(settings)
    ties = list(Provenance.objects.order_by("id").values_list("id", "kind", "row", "current"))
    toy.items[0]["showings"][0]["free"] = 0
    with CaptureQueriesContext(connection) as queries:
        toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert writes(queries, "aggregator_provenance") == []
    assert list(Provenance.objects.order_by("id").values_list("id", "kind", "row", "current")) == ties


def test_documents_that_a_new_mapping_refuses_fail_no_run_and_are_tried_once(settings: Any) -> None:
    from aggregator.provider import Batch, Document, Unmappable
    from tests.toy import map_item

    tried: list[str] = []

    def strict(document: Any, config: Any) -> Any:
        tried.append(document.key)
        if int(document.key) <= 8:
            raise Unmappable("missing_field", "country")
        return map_item(document, config)

    toy = Toy([item(n) for n in range(1, 21)])
    toy.ingest(settings)
    toy.mapper, toy.version = strict, 2
    changed = item(20, title="Ny")
    toy.fetch = lambda visit: iter(  # type: ignore[method-assign]
        [Batch(documents=[Document("item", "20", json.dumps(changed).encode(), scope="all")])]
    )
    run = toy.ingest(settings, mode=Mode.AVAILABILITY)
    assert (run.state, run.rejected, run.listed) == (RunState.HEALTHY, 0, 1)
    assert Rejection.objects.count() == 8
    tried.clear()
    assert toy.ingest(settings, mode=Mode.AVAILABILITY).state == RunState.HEALTHY
    assert tried == []


def test_items_refused_again_at_every_resume_count_once(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([*(item(n, broken=True) for n in range(1, 4)), *(item(n) for n in range(4, 100))])
    run = toy.ingest(settings, budget=0.0)
    for _ in range(6):
        run = toy.ingest(settings, budget=0.0)
    run = toy.ingest(settings)
    assert (run.state, run.rejected) == (RunState.HEALTHY, 3)


def test_a_run_never_yields_where_it_began(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([item(n) for n in range(1, 41)])
    fetch = toy.fetch
    toy.fetch = lambda visit: (replace(batch, position={}) for batch in fetch(visit))  # type: ignore[method-assign]
    assert toy.ingest(settings, budget=0.0).state == RunState.HEALTHY


def test_one_mode_that_fails_is_not_made_up_for_by_another(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    fault = FetchError("server_error", url="http://toy.example/", status=500)
    for _ in range(3):
        toy.fault = fault
        toy.ingest(settings)
        toy.fault = None
        toy.ingest(settings, mode=Mode.AVAILABILITY)
    source = Source.objects.get()
    assert (source.state, source.failures, source.reason) == (SourceState.BACKING_OFF, 3, "server_error")
    assert schedule.next_due("toy", NOW) is not None
    toy.ingest(settings)
    source.refresh_from_db()
    assert (source.state, source.failing) == (SourceState.IDLE, {})


def test_a_failure_while_a_run_is_settled_is_a_failed_run(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aggregator.ingest import endings

    toy = Toy([item(1)])
    monkeypatch.setattr(endings.withdrawal, "weigh", lambda *_: 1 / 0)
    assert toy.ingest(settings).reason == "internal_error"


def test_a_refused_document_may_hold_what_no_database_takes(settings: Any) -> None:
    from aggregator.provider import Unmappable

    def hostile(document: Any, config: Any) -> Any:
        raise Unmappable("wrong_type", "dates.\x00\ud800.id", "no \x00 \udfff text")

    run = Toy([item(1)], mapper=hostile).ingest(settings)
    assert (run.state, run.rejected) == (RunState.HEALTHY, 1)


def test_mapping_again_leaves_a_documents_age_alone(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    lease = leases.acquire("toy", NOW)
    assert lease is not None
    pipeline.remap(toy.configured(), lease, clock=lambda: NOW + timedelta(days=9))
    assert SourceDocument.objects.get().fetched_at == NOW


def test_a_run_that_upstream_puts_off_waits_and_has_lost_no_attempt(settings: Any) -> None:
    later = NOW + timedelta(minutes=5)
    fault = RetryLater("rate_limited", retry_at=later, url="http://toy.example/", status=429)
    toy = Toy([item(n) for n in range(1, 31)], fault=fault, after=20)
    for _ in range(30):
        run = toy.ingest(settings)
        assert (run.state, run.reason, run.due_at) == (RunState.WAITING, "rate_limited", later)
    assert Event.objects.count() == 20
    toy.fault = None
    assert toy.ingest(settings).state == RunState.HEALTHY


def test_a_database_that_is_busy_puts_a_run_off_and_is_no_failure_of_upstream(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = Toy([item(1)])
    with monkeypatch.context() as broken:

        def deadlock(*_: Any) -> None:
            raise OperationalError("deadlock detected")

        broken.setattr(intake.store, "write", deadlock)
        run = toy.ingest(settings)
    assert (run.state, run.reason, run.attempts) == (RunState.WAITING, "database_busy", 1)
    assert run.due_at > NOW
    assert Source.objects.get().failing == {}
    assert toy.ingest(settings).state == RunState.HEALTHY


def test_a_document_that_goes_through_in_mid_run_is_not_withdrawn_by_that_run(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run saw the document as refused; the operator's retry stores it while the run waits for its next tick."""
    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([item(1, broken=True), *(item(n) for n in range(2, 41))])
    toy.fetch = _resuming(toy.fetch)  # type: ignore[method-assign]
    assert toy.ingest(settings, budget=0.0).state == RunState.WAITING
    rejection = Rejection.objects.get()
    Rejection.objects.update(body=zlib.compress(json.dumps(item(1)).encode()))
    assert replay.replay_ids([rejection.pk]) == (1, 1)
    run = toy.ingest(settings)
    assert (run.state, run.withdrawn) == (RunState.HEALTHY, 0)
    assert Event.objects.get(external_id="1").withdrawn_at is None


def test_a_run_that_is_asked_for_everything_while_under_way_begins_anew(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([item(n) for n in range(1, 41)])
    toy.ingest(settings)
    whole = toy.fetch

    def interrupted(visit: Any) -> Any:
        for number, batch in enumerate(whole(visit)):
            if number == 2:
                schedule.request("toy", Mode.FULL, NOW, full=True)
            yield batch

    toy.fetch = interrupted  # type: ignore[method-assign]
    run = toy.ingest(settings)
    assert (run.state, run.full, run.position) == (RunState.WAITING, True, {})
    toy.fetch = whole  # type: ignore[method-assign]
    again = toy.ingest(settings)
    assert (again.pk, again.state) == (run.pk, RunState.HEALTHY)
    assert toy.cursors[-1] is None


def test_asking_again_for_a_run_under_way_takes_nothing_back(settings: Any) -> None:
    settings.PROVIDERS = {"toy": Toy([item(1)]).configured()}
    run = schedule.request("toy", Mode.FULL, NOW)
    IngestRun.objects.filter(pk=run.pk).update(position={"next": 30}, cursors={"items": "3"})
    asked = schedule.request("toy", Mode.FULL, NOW, force=True)
    assert (asked.pk, asked.force) == (run.pk, True)
    assert (asked.position, asked.cursors) == ({"next": 30}, {"items": "3"})


def test_what_runs_for_weeks_is_asked_for_as_long_as_it_runs(settings: Any) -> None:
    toy = Toy([item(1), item(2), item(3)])
    toy.ingest(settings)
    for key, days in (("1a", 9), ("2a", -9)):
        Showing.objects.filter(external_id=key).update(
            precision="run",
            starts_at=NOW - timedelta(days=20),
            ends_at=None,
            local_start_date=(NOW - timedelta(days=20)).date(),
            local_end_date=(NOW + timedelta(days=days)).date(),
        )
    asked: list[str] = []
    whole = toy.fetch

    def looking(visit: Any) -> Any:
        asked.extend(visit.soon("item", NOW + timedelta(days=30)))
        yield from whole(visit)

    toy.fetch = looking  # type: ignore[method-assign]
    toy.ingest(settings, mode=Mode.AVAILABILITY)
    assert asked == ["1", "3"]


def _resuming(fetch: Any) -> Any:
    """The toy's fetch, going on behind its position as a real provider does."""

    def resumed(visit: Any) -> Any:
        for batch in fetch(visit):
            if not batch.position or batch.position["next"] > visit.position.get("next", 0):
                yield batch

    return resumed
