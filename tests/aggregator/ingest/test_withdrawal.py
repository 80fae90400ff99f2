"""What upstream no longer lists: withdrawn, held back, or left alone."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.http import FetchError
from aggregator.models import Event, Showing, Source, SourceDocument
from aggregator.vocabulary import Mode, RunState
from tests.toy import NOW, Toy, ToyConfig, item, showing

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=1)


def withdrawn(model: Any) -> list[str]:
    """External ids of withdrawn rows."""
    return sorted(model.objects.exclude(withdrawn_at=None).values_list("external_id", flat=True))


def test_what_vanishes_is_withdrawn_and_shown_again_under_its_old_id(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    ids = dict(Showing.objects.values_list("external_id", "id"))
    missing = toy.items.pop(4)
    run = toy.ingest(settings, now=LATER)
    assert (run.state, run.withdrawn) == (RunState.HEALTHY, 2)
    assert (withdrawn(Showing), withdrawn(Event)) == (["5a"], ["5"])
    assert SourceDocument.objects.get(key="5").gone_at == LATER
    toy.items.append(missing)
    run = toy.ingest(settings, now=LATER + timedelta(hours=1))
    assert (run.state, run.restored) == (RunState.HEALTHY, 1)
    assert withdrawn(Showing) == withdrawn(Event) == []
    assert dict(Showing.objects.values_list("external_id", "id")) == ids


def test_a_showing_that_leaves_its_document_is_withdrawn_with_its_event_only_when_it_was_the_last(
    settings: Any,
) -> None:
    toy = Toy([item(1, showings=[showing("1a"), showing("1b", 2)]), *(item(n) for n in range(2, 20))])
    toy.ingest(settings)
    both = toy.items[0]["showings"]
    toy.items[0]["showings"] = both[:1]
    toy.ingest(settings, now=LATER)
    assert (withdrawn(Showing), withdrawn(Event)) == (["1b"], [])
    toy.items[0]["showings"] = []
    toy.ingest(settings, now=LATER)
    assert (withdrawn(Showing), withdrawn(Event)) == (["1a", "1b"], ["1"])
    toy.items[0]["showings"] = both
    toy.ingest(settings, now=LATER)
    assert withdrawn(Showing) == withdrawn(Event) == []


def test_an_event_whose_text_changes_while_it_is_withdrawn_stays_withdrawn(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 20)])
    toy.ingest(settings)
    toy.items[0]["showings"] = []
    toy.ingest(settings, now=LATER)
    toy.items[0]["title"] = "Inställt?"
    toy.ingest(settings, now=LATER)
    assert withdrawn(Event) == ["1"]


def test_past_showings_and_their_events_stay(settings: Any) -> None:
    toy = Toy(
        [item(1, showings=[showing("1a", -2), showing("1b", 3)]), item(2, showings=[showing("2a", -1)])]
    )
    toy.items += [item(n) for n in range(3, 20)]
    toy.ingest(settings)
    del toy.items[:2]
    run = toy.ingest(settings, now=LATER)
    assert run.withdrawn == 1
    assert (withdrawn(Showing), withdrawn(Event)) == (["1b"], [])


def test_a_feed_that_holds_a_tenth_of_its_rows_is_held_and_force_releases_it(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 101)])
    toy.ingest(settings)
    toy.items = [*toy.items[:10], item(500)]
    toy.items[0]["title"] = "Ny titel"
    run = toy.ingest(settings, now=LATER)
    assert (run.state, run.reason, run.withdrawn) == (RunState.HELD, "too_many_withdrawn", 0)
    assert run.held_count == 180
    assert "180 rows" in run.message
    assert run.held[0]["kind"] == "showing"
    assert withdrawn(Showing) == []
    assert (run.created, run.updated) == (2, 1)
    assert toy.ingest(settings, now=LATER).state == RunState.HELD
    run = toy.ingest(settings, now=LATER, force=True)
    assert (run.state, run.withdrawn) == (RunState.HEALTHY, 180)
    assert len(withdrawn(Showing)) == 90


def test_a_held_run_lets_go_by_itself_when_upstream_recovers(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 101)])
    toy.ingest(settings)
    everything, toy.items = toy.items, toy.items[:10]
    assert toy.ingest(settings, now=LATER).state == RunState.HELD
    toy.items = everything
    assert toy.ingest(settings, now=LATER).state == RunState.HEALTHY
    assert withdrawn(Showing) == []


@pytest.mark.parametrize(("going", "state"), [(5, RunState.HEALTHY), (6, RunState.HELD)])
def test_five_rows_may_go_whatever_their_share(settings: Any, going: int, state: RunState) -> None:
    toy = Toy([item(n) for n in range(1, 11)])
    toy.ingest(settings)
    del toy.items[:going]
    assert toy.ingest(settings, now=LATER).state == state


@pytest.mark.parametrize(("going", "state"), [(20, RunState.HEALTHY), (21, RunState.HELD)])
def test_a_fifth_of_the_rows_may_go(settings: Any, going: int, state: RunState) -> None:
    toy = Toy([item(n) for n in range(1, 101)])
    toy.ingest(settings)
    del toy.items[:going]
    assert toy.ingest(settings, now=LATER).state == state


def test_a_list_that_comes_back_empty_is_a_failure_and_withdraws_nothing(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 4)])
    toy.ingest(settings)
    toy.items = []
    run = toy.ingest(settings, now=LATER)
    assert (run.state, run.reason) == (RunState.FAILED, "nothing_received")
    assert toy.ingest(settings, now=LATER, force=True).reason == "nothing_received"
    assert withdrawn(Showing) == []


def test_an_empty_list_of_past_rows_is_a_failure_too_until_a_person_says_that_it_is_over(
    settings: Any,
) -> None:
    toy = Toy([item(n, showings=[showing(f"{n}a", -n)]) for n in range(1, 4)])
    toy.ingest(settings)
    toy.items = []
    assert toy.ingest(settings, now=LATER).reason == "nothing_received"
    assert not SourceDocument.objects.exclude(gone_at=None).exists()
    assert toy.ingest(settings, now=LATER, force=True).state == RunState.HEALTHY
    assert toy.ingest(settings, now=LATER).state == RunState.HEALTHY
    assert withdrawn(Showing) == []


@pytest.mark.parametrize(
    "changed",
    [ToyConfig(api_key="another-key"), ToyConfig(api_key="toy-key", base_url="http://other.example/")],
    ids=["account", "base URL"],
)
def test_a_changed_account_or_base_url_holds_even_a_single_row(settings: Any, changed: ToyConfig) -> None:
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    toy.config = changed
    toy.items.pop()
    run = toy.ingest(settings, now=LATER)
    assert (run.state, run.reason, run.withdrawn) == (RunState.HELD, "scope_changed", 0)
    assert toy.ingest(settings, now=LATER).state == RunState.HELD
    assert toy.ingest(settings, now=LATER, force=True).withdrawn == 2
    toy.items.pop()
    assert toy.ingest(settings, now=LATER).state == RunState.HEALTHY


def test_an_unreadable_id_forbids_withdrawal_in_its_scope(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    missing = toy.items.pop()
    toy.unreadable = 1
    run = toy.ingest(settings, now=LATER)
    assert (run.state, run.withdrawn) == (RunState.HEALTHY, 0)
    toy.unreadable = 0
    assert toy.ingest(settings, now=LATER).withdrawn == 2
    assert missing["id"] in withdrawn(Event)


def test_a_list_of_nothing_but_unreadable_items_is_a_failure(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 4)])
    toy.ingest(settings)
    toy.items, toy.unreadable = [], 1
    run = toy.ingest(settings, now=LATER)
    assert (run.state, run.reason) == (RunState.FAILED, "nothing_received")
    assert withdrawn(Showing) == []


def test_a_failed_run_withdraws_nothing(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    del toy.items[25:]
    toy.fault, toy.after = FetchError("truncated_body", url="http://toy.example/"), 20
    assert toy.ingest(settings, now=LATER).state == RunState.FAILED
    assert withdrawn(Showing) == []


def test_a_newer_run_that_saw_a_document_protects_it_from_an_older_one(
    settings: Any, monkeypatch: Any
) -> None:
    from aggregator.ingest import pipeline

    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    older = toy.ingest(settings, budget=0.0, now=LATER)
    assert older.state == RunState.WAITING
    newer = toy.ingest(settings, mode=Mode.CHANGES, now=LATER)
    assert newer.pk > older.pk
    everything = toy.items
    toy.items = toy.items[:20]
    toy.ingest(settings, now=LATER)  # the older run ends; the newer one has seen all thirty
    assert withdrawn(Showing) == []
    toy.items = everything


def test_only_a_full_run_settles_what_the_scope_is(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    settled = Source.objects.get().binding
    toy.config = ToyConfig(api_key="another-key")
    toy.ingest(settings, mode=Mode.CHANGES, now=LATER)
    assert Source.objects.get().binding == settled
    toy.ingest(settings, now=LATER)
    assert Source.objects.get().binding != settled


def test_what_an_older_run_sees_after_a_newer_one_began_is_not_withdrawn_by_the_newer(
    settings: Any, monkeypatch: Any
) -> None:
    from aggregator.ingest import pipeline

    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    older = toy.ingest(settings, mode=Mode.CHANGES, budget=0.0, now=LATER)
    newer = toy.ingest(settings, budget=0.0, now=LATER)
    assert older.state == newer.state == RunState.WAITING
    read_by_the_newer = list(toy.items)
    toy.items = [*toy.items, item(99)]
    toy.ingest(settings, mode=Mode.CHANGES, now=LATER)  # the older run stores what is new
    toy.items = read_by_the_newer
    toy.ingest(settings, now=LATER)  # the newer run ends, with the list as it read it
    assert Showing.objects.filter(external_id="99a", withdrawn_at=None).exists()


@pytest.mark.parametrize("model", [SourceDocument, Showing, Event])
def test_a_process_that_dies_while_it_withdraws_leaves_nothing_behind(
    settings: Any, monkeypatch: Any, model: Any
) -> None:
    from aggregator.ingest import leases, withdrawal

    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    gone = toy.items[:3]
    toy.items = toy.items[3:]
    writing, died = leases.writing, []

    class Death(BaseException):
        pass

    def deadly(lease: Any) -> Any:
        # Dies before the transaction that would write to *model*.
        turn = {SourceDocument: 0, Showing: 1, Event: 2}[model]
        died.append(lease)
        if len(died) == turn + 1:
            raise Death
        return writing(lease)

    monkeypatch.setattr(
        withdrawal.leases, "writing", lambda lease: deadly(lease) if applying else writing(lease)
    )
    applying: list[bool] = []
    apply = withdrawal.apply

    def marked(*arguments: Any) -> None:
        applying.append(True)
        apply(*arguments)
        applying.clear()

    monkeypatch.setattr(withdrawal, "apply", marked)
    with pytest.raises(Death):
        toy.ingest(settings, now=LATER)
    monkeypatch.undo()
    assert toy.ingest(settings, now=LATER).state == RunState.HEALTHY
    assert withdrawn(Showing) == ["1a", "2a", "3a"]
    assert withdrawn(Event) == ["1", "2", "3"]
    toy.items = [*gone, *toy.items]
    toy.ingest(settings, now=LATER)
    assert withdrawn(Showing) == withdrawn(Event) == []


def test_a_configuration_changed_in_mid_run_ends_the_run_and_the_next_one_holds(
    settings: Any, monkeypatch: Any
) -> None:
    from aggregator.ingest import pipeline

    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 10)
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    assert toy.ingest(settings, budget=0.0, now=LATER).state == RunState.WAITING
    toy.config = ToyConfig(api_key="another-key")
    toy.items = toy.items[4:]
    assert toy.ingest(settings, now=LATER).reason == "configuration_changed"
    assert Source.objects.get().failures == 0
    assert toy.ingest(settings, now=LATER).reason == "scope_changed"
    assert withdrawn(Showing) == []


def test_a_changed_account_is_not_settled_by_a_run_that_had_to_skip_a_scope(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    toy.config, toy.unreadable = ToyConfig(api_key="another-key"), 1
    toy.items = toy.items[4:]
    assert toy.ingest(settings, now=LATER).state == RunState.HEALTHY
    toy.unreadable = 0
    assert toy.ingest(settings, now=LATER).reason == "scope_changed"


def test_a_venue_is_renamed_by_those_who_still_mention_it(settings: Any) -> None:
    from aggregator.models import Venue

    toy = Toy([item(n) for n in range(1, 31)])
    toy.ingest(settings)
    toy.items.pop()  # the newest spoke for the venue
    toy.ingest(settings, now=LATER)
    for each in toy.items:
        each["venue"] = {"id": "v1", "name": "Norra Ladan"}
    toy.ingest(settings, now=LATER)
    assert Venue.objects.get().name == "Norra Ladan"
