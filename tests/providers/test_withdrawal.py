"""What upstream no longer lists, for every provider with showings: simulator, real HTTP, the real command, the pages.

The rules themselves have their tests in ``tests/aggregator/ingest/test_withdrawal.py``.
"""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from aggregator.addresses import event_path
from aggregator.models import Event, IngestRun, Rejection, Showing, Source
from aggregator.vocabulary import Mode, Precision, RunState
from aggregator.web.reasons import sentence
from providers import registry
from tests.providers.upstreams import (
    NOW,
    WITH_SHOWINGS,
    Upstream,
    command,
    listing_writes,
    rows,
    upstream,
    withdrawn,
)

pytestmark = pytest.mark.django_db

SCALE = 150


@pytest.fixture(params=WITH_SHOWINGS)
def slug(request: pytest.FixtureRequest) -> str:
    """Every provider that has showings, in turn."""
    return str(request.param)


@pytest.fixture
def live(slug: str, settings: Any) -> Any:
    """The provider ingested by the command, today."""
    with upstream(slug, settings, scale=SCALE, now=None) as source:
        assert command("ingest", slug).code == 0
        yield source


def page(path: str) -> str:
    """A page as a visitor gets it."""
    answer = Client().get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def listed(slug: str) -> set[str]:
    """External ids of the showings that the API lists from now on."""
    found: set[int] = set()
    address = f"/api/v1/showings/?provider={slug}&page_size=200"
    while address:
        answer = Client().get(address).json()
        found |= {row["id"] for row in answer["results"]}
        address = answer["next"]
    return set(Showing.objects.filter(id__in=found).values_list("external_id", flat=True))


def ids() -> dict[str, int]:
    """Our id of every row."""
    return {name: values[0] for name, values in rows().items()}


def addresses() -> dict[str, str]:
    """The address of every event's page."""
    return {event.external_id: event_path(event.pk, event.titles) for event in Event.objects.all()}


def test_a_feed_that_holds_a_tenth_of_its_rows_is_held_says_so_and_force_does_it(
    slug: str, live: Upstream
) -> None:
    before, paths = ids(), addresses()
    live.simulation.mutate(slug, "shrink", share=0.1)

    said = command("ingest", slug)
    assert said.code == 1
    number = int(re.findall(r"(\d+) rows would be withdrawn", said.out)[0])
    assert number > 20
    assert f"If it is right: manage.py ingest {slug} --full --force" in said.out
    assert withdrawn() == []
    shown = page("/sources/")
    assert f"{number} rows wait to be withdrawn" in shown
    assert str(sentence("too_many_withdrawn")) in shown
    assert f"manage.py ingest {slug} --full --force" in shown
    assert command("ingest", slug).code == 1

    said = command("ingest", slug, "--full", "--force")
    assert (said.code, said.err) == (0, "")
    assert f"{number} withdrawn" in said.out
    assert len(withdrawn()) == number
    assert "wait to be withdrawn" not in page("/sources/")
    assert not listed(slug) & set(withdrawn())

    live.simulation.mutate(slug, "restore")
    assert command("ingest", slug).code == 0
    assert withdrawn() == []
    assert {name: row for name, row in ids().items() if name in before} == before
    assert {name: path for name, path in addresses().items() if name in paths} == paths


def test_a_held_run_stores_what_is_new_and_changed_all_the_same(slug: str, live: Upstream) -> None:
    live.simulation.mutate(slug, "shrink", share=0.1)
    added = live.simulation.mutate(slug, "add_event", name="Extrainsatt kväll")
    said = command("ingest", slug)
    assert (said.code, withdrawn()) == (1, [])
    assert added["id"]
    titles = Event.objects.values_list("titles", flat=True)
    assert sum("Extrainsatt kväll" in each.values() for each in titles) == 1
    assert IngestRun.objects.latest("id").state == RunState.HELD


def test_a_held_run_lets_go_when_upstream_lists_everything_again(slug: str, live: Upstream) -> None:
    live.simulation.mutate(slug, "shrink", share=0.1)
    assert command("ingest", slug).code == 1
    live.simulation.mutate(slug, "restore")
    assert command("ingest", slug).code == 0
    assert withdrawn() == []
    assert "wait to be withdrawn" not in page("/sources/")


def test_a_few_rows_that_are_gone_are_withdrawn_and_come_back_under_their_old_id_and_url(
    slug: str, live: Upstream
) -> None:
    before, paths, shown = ids(), addresses(), listed(slug)
    gone = live.simulation.mutate(slug, "remove_event")
    showings = set(map(str, gone["showings"]))  # type: ignore[call-overload]

    said = command("ingest", slug)
    assert said.code == 0
    coming = Showing.objects.filter(external_id__in=showings).exclude(withdrawn_at=None)
    over = Showing.objects.filter(external_id__in=showings, withdrawn_at=None)
    assert {showing.starts_at < live.simulation.now() for showing in over} <= {True}
    withdrawn_showings = set(coming.values_list("external_id", flat=True))
    assert withdrawn_showings
    assert listed(slug) == shown - withdrawn_showings
    assert f"{len(withdrawn())} withdrawn" in said.out
    event = coming[0].event.external_id
    # What has taken place keeps its event.
    events = Event.objects.exclude(withdrawn_at=None).values_list("external_id", flat=True)
    assert list(events) == ([] if over else [event])
    assert len(withdrawn()) == len(withdrawn_showings) + len(events)
    assert Client().get(paths[event]).status_code in (200, 410)

    live.simulation.mutate(slug, "restore")
    assert command("ingest", slug).code == 0
    assert withdrawn() == []
    assert listed(slug) >= shown
    assert ids()[f"Event {event}"] == before[f"Event {event}"]
    assert addresses()[event] == paths[event]
    assert Client().get(paths[event]).status_code == 200


def test_one_showing_of_several_goes_alone(slug: str, live: Upstream) -> None:
    gone = live.simulation.mutate(slug, "remove_showing")
    assert command("ingest", slug).code == 0
    number = str(gone["id"])
    showing = Showing.objects.get(external_id=number)
    assert showing.withdrawn_at is not None
    others = Showing.objects.filter(event=showing.event, withdrawn_at=None)
    assert (showing.event.withdrawn_at is None) == others.exists()
    assert withdrawn() in ([number], sorted([number, showing.event.external_id]))


@pytest.mark.parametrize("how", ["wrong_type", "missing_field"])
def test_a_rejected_document_never_withdraws_its_rows(slug: str, how: str, live: Upstream) -> None:
    before = ids()
    live.simulation.mutate(slug, "break", how=how)
    for words in (("ingest", slug), ("ingest", slug, "--full"), ("ingest", slug, "--full", "--force")):
        assert command(*words).code == 0
        assert Rejection.objects.get().reason == how
        assert withdrawn() == []
    assert Rejection.objects.get().attempts == 3
    assert str(sentence(how)) in page("/sources/")
    live.simulation.mutate(slug, "restore")
    assert command("ingest", slug, "--full").code == 0
    assert not Rejection.objects.exists()
    assert {name: row for name, row in ids().items() if name in before} == before


def test_another_base_url_holds_even_a_single_row(slug: str, live: Upstream, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE, now=None) as other:
        assert other.simulation.port != live.simulation.port
        other.simulation.mutate(slug, "remove_event")
        said = command("ingest", slug)
        assert said.code == 1
        assert "(scope_changed)" in said.out
        assert withdrawn() == []
        assert str(sentence("scope_changed")) in page("/sources/")
        assert command("ingest", slug).code == 1
        assert command("ingest", slug, "--full", "--force").code == 0
        assert withdrawn() != []
        # The new address is settled now, and judged like any other.
        other.simulation.mutate(slug, "restore")
        assert command("ingest", slug).code == 0
        assert withdrawn() == []


def test_another_base_url_is_read_whole_and_held_by_nothing_when_all_rows_are_there(
    slug: str, live: Upstream, settings: Any
) -> None:
    before = ids()
    whole = len(live.asked())
    assert command("ingest", slug).code == 0
    unchanged = len(live.asked())
    with upstream(slug, settings, scale=SCALE, now=None) as other:
        assert command("ingest", slug).code == 0
        # Some are read whole every time.
        assert len(other.asked()) > unchanged or unchanged == whole
    assert withdrawn() == []
    assert {name: row for name, row in ids().items() if name in before} == before
    assert Source.objects.get(slug=slug).binding


@pytest.mark.parametrize("days", [1, 9, 40])
def test_what_is_past_stays_with_its_events(slug: str, days: int, settings: Any) -> None:
    with upstream(slug, settings, scale=SCALE) as source:
        source.ingest()
        was = ids()
        source.simulation.advance(days * 86_400)
        run = source.ingest()
        now = source.simulation.now()
    assert run.state == RunState.HEALTHY
    over = Showing.objects.filter(starts_at__lt=now - timedelta(days=1))
    assert over.filter(starts_at__gte=NOW).exists() or days == 1
    assert was.items() <= ids().items()
    # A world may take back an announcement meanwhile, and nothing that is over.
    assert_all_in_the_future(now)
    assert len(withdrawn()) < len(was) / 20


def assert_all_in_the_future(now: datetime) -> None:
    """Whatever is withdrawn was still to come or going on, and so was every showing of the events among it."""
    gone = Q(withdrawn_at__isnull=False) | Q(event__withdrawn_at__isnull=False)
    for showing in Showing.objects.filter(gone):
        assert (showing.ends_at or showing.starts_at) > now or showing.precision != Precision.EXACT


def test_what_is_past_stays_even_when_nearly_everything_goes(slug: str, live: Upstream) -> None:
    live.simulation.mutate(slug, "shrink", share=0.02)
    assert command("ingest", slug, "--full", "--force").code == 0
    gone = Showing.objects.exclude(withdrawn_at=None)
    assert gone.count() > 20
    assert_all_in_the_future(live.simulation.now())
    for event in Event.objects.exclude(withdrawn_at=None):
        assert not event.showings.filter(withdrawn_at=None).exists()


def test_seats_changed_alone_rewrite_only_availability(slug: str, settings: Any) -> None:
    if Mode.AVAILABILITY not in {schedule.mode for schedule in registry.discover()[slug].schedules}:
        pytest.skip(f"{slug} is not asked for its seats alone")
    with upstream(slug, settings, scale=SCALE) as source:
        source.ingest()
        source.ingest(Mode.AVAILABILITY)
        before = {showing.external_id: showing for showing in Showing.objects.all()}
        changed = str(source.simulation.mutate(slug, "seats")["id"])
        source.simulation.advance(30)
        with listing_writes() as written:
            run = source.ingest(Mode.AVAILABILITY)
    assert (run.state, run.created, run.updated, run.seats) == (RunState.HEALTHY, 0, 0, 1)
    (statement,) = written
    assert '"aggregator_showing"' in statement
    assert not re.search(r'"(titles|starts_at|fingerprint|updated_at)" = EXCLUDED', statement)
    after = Showing.objects.get(external_id=changed)
    was = before[changed]
    assert (after.availability, after.seats_free) != (was.availability, was.seats_free)
    assert (after.id, after.fingerprint, after.updated_at) == (was.id, was.fingerprint, was.updated_at)
    assert after.seats_at > was.seats_at
    assert {row.external_id for row in Showing.objects.filter(seats_at__gt=NOW)} == {changed}
