"""What a person may tell a source to do."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import call_command

from aggregator.http import FetchError
from aggregator.ingest import control, schedule
from aggregator.models import Event, IngestRun, Source
from aggregator.provider import Configured
from aggregator.vocabulary import Mode, RunState, SourceState
from tests.toy import NOW, Toy, ToyConfig, item

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tasks that a hint was sent for, in place of a broker."""
    sent: list[str] = []
    monkeypatch.setattr(control.current_app, "send_task", lambda name, **_: sent.append(name))
    return sent


def source() -> Source:
    return Source.objects.get(slug="toy")


def work() -> IngestRun | None:
    return schedule.work("toy", clock=lambda: NOW)


def test_a_run_of_everything_is_due_at_once_and_a_hint_is_sent(settings: Any, hints: list[str]) -> None:
    settings.PROVIDERS = {"toy": Toy([item(1)]).configured()}
    run = control.ingest_now("toy", False, NOW)
    assert (run.mode, run.state, run.full, run.due_at) == (Mode.FULL, RunState.QUEUED, False, NOW)
    assert hints == [site.TICK_TASK]
    assert control.ingest_now("toy", False, NOW).pk == run.pk
    assert control.ingest_now("toy", True, NOW).full
    done = work()
    assert done is not None
    assert (done.pk, done.state, done.created > 0) == (run.pk, RunState.HEALTHY, True)


def test_everything_anew_uses_no_cursor(settings: Any) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    for full in (False, True):
        control.ingest_now("toy", full, NOW)
        work()
    assert toy.cursors == [None, "1", None]


def test_a_source_that_gave_up_is_tried_at_once_and_is_well_again(settings: Any) -> None:
    toy = Toy([item(1)], fault=FetchError("unauthorised", url="http://toy.example/", status=401))
    toy.ingest(settings)
    assert source().state == SourceState.NEEDS_ATTENTION
    toy.fault = None
    assert schedule.plan(NOW) == []
    control.ingest_now("toy", False, NOW)
    assert schedule.due(NOW) == ["toy"]
    work()
    assert (source().state, source().failures) == (SourceState.IDLE, 0)


def test_what_has_no_credentials_cannot_be_read(settings: Any, hints: list[str]) -> None:
    settings.PROVIDERS = {"toy": Configured(Toy().provider(), None, "Set PROVIDER_TOY_API_KEY.")}
    for slug in ("toy", "nobody"):
        with pytest.raises(control.NotPossible) as caught:
            control.ingest_now(slug, False, NOW)
        assert caught.value.reason == "unconfigured"
    assert (IngestRun.objects.count(), hints) == (0, [])


def test_a_paused_source_is_not_read_whoever_asks_and_whatever_changes(settings: Any) -> None:
    toy = Toy([item(1)])
    settings.PROVIDERS = {"toy": toy.configured()}
    schedule.plan(NOW)
    Source.objects.create(slug="toy", state=SourceState.NEEDS_ATTENTION, stopped_binding="of another time")
    control.pause("toy")
    assert (source().state, source().reason) == (SourceState.PAUSED, "paused_by_hand")
    toy.config = ToyConfig(api_key="another", base_url="http://elsewhere.example/")
    settings.PROVIDERS = {"toy": toy.configured()}
    later = NOW + timedelta(days=30)
    assert schedule.plan(later) == []
    assert schedule.due(later) == []
    assert schedule.next_due("toy", later) is None
    assert work() is None
    with pytest.raises(control.NotPossible, match="paused_by_hand"):
        control.ingest_now("toy", True, later)
    call_command("ingest")  # as at the first start of the site
    with pytest.raises(SystemExit):
        call_command("ingest", "toy")
    assert toy.visits == []
    assert (source().state, source().reason) == (SourceState.PAUSED, "paused_by_hand")


def test_a_changed_configuration_still_ends_the_pause_that_failures_brought(settings: Any) -> None:
    toy = Toy([item(1)], fault=FetchError("unauthorised", url="http://toy.example/", status=401))
    toy.ingest(settings)
    toy.config = ToyConfig(api_key="another")
    settings.PROVIDERS = {"toy": toy.configured()}
    assert schedule.plan(NOW + timedelta(days=2)) != []


def test_pausing_stops_whoever_is_reading_and_stands(settings: Any) -> None:
    toy = Toy([item(number) for number in range(40)])

    class Pausing(Toy):
        def fetch(self, visit: Any) -> Any:
            for number, batch in enumerate(super().fetch(visit)):
                if number == 2:
                    control.pause("toy")
                yield batch

    toy = Pausing(toy.items)
    settings.PROVIDERS = {"toy": toy.configured()}
    schedule.plan(NOW)
    assert work() is None
    assert (source().state, source().reason) == (SourceState.PAUSED, "paused_by_hand")
    assert (source().lease_owner, Event.objects.count()) == ("", 0)
    assert work() is None
    settings.PROVIDERS = {"toy": (whole := Toy(toy.items)).configured()}
    control.resume("toy")
    done = work()
    assert done is not None
    assert (done.state, Event.objects.count(), len(whole.visits)) == (RunState.HEALTHY, 40, 1)


def test_resuming_forgives_failures_and_sends_a_hint(settings: Any, hints: list[str]) -> None:
    toy = Toy([item(1)], fault=FetchError("server_error", url="http://toy.example/", status=503))
    toy.ingest(settings)
    before = source()
    assert (before.state, before.failures) == (SourceState.BACKING_OFF, 1)
    control.resume("toy")
    after = source()
    assert (after.state, after.reason, after.message) == (SourceState.IDLE, "", "")
    assert (after.failures, after.backoff_until, after.stopped_binding) == (0, None, "")
    assert hints == [site.TICK_TASK]
    toy.fault = None
    assert schedule.plan(NOW + timedelta(days=1)) != []


def test_resuming_leaves_a_source_alone_that_is_being_read() -> None:
    Source.objects.create(slug="toy", state=SourceState.RUNNING, generation=3, lease_owner="me")
    control.resume("toy")
    assert (source().state, source().generation, source().lease_owner) == (SourceState.RUNNING, 3, "me")


def test_a_broker_that_does_not_answer_loses_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError

    settings.PROVIDERS = {"toy": Toy([item(1)]).configured()}
    monkeypatch.setattr(control.current_app, "send_task", refuse)
    control.ingest_now("toy", False, NOW)
    assert schedule.due(NOW) == ["toy"]
