"""Pages, the rate limit, and how a run goes on where it was."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.http import RetryLater
from aggregator.vocabulary import Mode
from providers.filmmakers import PROVIDER
from providers.simulation import Running
from tests.providers.filmmakers.asking import SECONDS, asked, details
from tests.providers.filmmakers.visits import NOW, Memory, Visit, until_it_breaks


def test_every_page_is_read_and_nobody_is_read_twice(simulation: Running) -> None:
    simulation.switch("filmmakers", "profiles", "240")
    simulation.switch("filmmakers", "page_size", "25")
    memory = Memory().run(simulation)
    paths = asked(simulation)
    fetched = [path for path in paths if path.startswith("actor_profiles/")]
    assert len([path for path in paths if path.startswith("actor_profiles?")]) == 10
    assert len(fetched) == len(set(fetched))
    assert len(fetched) + len(memory.forgotten) == 240
    assert memory.complete == {("profile", "")}
    assert memory.waits == 0


@pytest.mark.parametrize("killed", [False, True], ids=["going on", "killed meanwhile"])
def test_whoever_moves_up_when_somebody_leaves_is_not_missed(simulation: Running, killed: bool) -> None:
    simulation.switch("filmmakers", "profiles", "72")
    simulation.switch("filmmakers", "page_size", "10")
    memory, left = Memory(), False
    for batch in PROVIDER.fetch(Visit.at(simulation, stored=memory.stored, cursors=memory.cursors)):
        memory.take(batch, {})
        if not left and batch.position.get("page", 0) >= 2:
            simulation.mutate("filmmakers", "delete", id=4711)
            left = True
            if killed:
                break
    if killed:
        memory.attempt(simulation)
    assert left
    listed = {str(found) for found in range(4711, 4785)} - {"4712", "4715"}
    assert {key for kind, key in memory.stored if kind == "profile"} | memory.forgotten == listed


@pytest.mark.parametrize("after", range(1, 8))
def test_a_run_that_was_killed_goes_on_where_it_was(simulation: Running, after: int) -> None:
    """The list has eight pages, and every batch holds at most twenty profiles."""
    simulation.switch("filmmakers", "profiles", "72")
    simulation.switch("filmmakers", "page_size", "10")
    whole, killed, moved = Memory().run(simulation), Memory(), dict[str, str]()
    simulation.advance(SECONDS)
    asked(simulation)
    while not _attempted(killed, simulation, moved, after):
        pass
    assert {key: document.body for key, document in killed.stored.items()} == {
        key: document.body for key, document in whole.stored.items()
    }
    assert (killed.forgotten, killed.complete) == (whole.forgotten, whole.complete)
    assert whole.cursors == Memory().cursors | moved
    fetched = details(simulation)
    assert len(fetched) - len(set(fetched)) <= 20


@pytest.mark.parametrize("after", [1, 12, 21])
def test_labels_that_were_read_before_a_kill_are_not_read_again(simulation: Running, after: int) -> None:
    memory, moved = Memory(cursors={}), dict[str, str]()
    while not _attempted(memory, simulation, moved, after):
        pass
    labels = [path for path in asked(simulation) if path.startswith("attributes/") and path != "attributes/"]
    assert len(labels) - len(set(labels)) == 9
    assert len(set(labels)) == 198


def _attempted(memory: Memory, simulation: Running, moved: dict[str, str], batches: int) -> bool:
    """One attempt that dies after so many batches, where it is the first; later ones go on to the end."""
    before = len(memory.stored)
    try:
        return memory.attempt(simulation, moved=moved, batches=batches + 1 if not before else None)
    except RetryLater as error:
        simulation.advance((error.retry_at - simulation.now()).total_seconds())
        return False


@pytest.mark.parametrize("count", ["700", pytest.param("10000", marks=pytest.mark.long)])
def test_many_profiles_are_fetched_within_the_rate_limit_and_a_second_run_asks_for_the_changed_ones(
    simulation: Running, count: str
) -> None:
    simulation.switch("filmmakers", "profiles", count)
    memory = Memory()
    started = simulation.now()
    memory.run(simulation)
    served = list(simulation.requests)
    per_window: dict[int, int] = {}
    for request in served:
        window = int(request.at.timestamp()) // SECONDS
        per_window[window] = per_window.get(window, 0) + 1
    assert {request.status for request in served} == {200}
    assert max(per_window.values()) == 300
    assert len(memory.forgotten) + len([key for kind, key in memory.stored if kind == "profile"]) == int(
        count
    )
    # No window is left unused: the run takes no longer than the limit makes it.
    assert simulation.now() - started <= timedelta(seconds=SECONDS * (len(served) // 300 + 1))
    simulation.forget_requests()
    # Time has passed and a few were touched since the list was read.
    simulation.advance(SECONDS)
    simulation.mutate("filmmakers", "edit", id=4714)
    simulation.mutate("filmmakers", "edit", id=4900)
    memory.run(simulation, Mode.CHANGES)
    changed = details(simulation)
    assert {"4714", "4900"} <= set(changed)
    assert len(changed) <= 2 + int(count) // 200


def test_the_window_is_shared_with_whoever_else_asks(simulation: Running) -> None:
    window = int(NOW.timestamp()) // SECONDS
    visit = Visit.at(simulation)
    visit.spent[window] = 298
    batches, error = until_it_breaks(visit)
    assert isinstance(error, RetryLater)
    assert error.retry_at == datetime.fromtimestamp((window + 1) * SECONDS, UTC)
    assert batches == []
    assert len(simulation.requests) == 2


def test_what_was_read_before_the_window_was_spent_is_kept(simulation: Running) -> None:
    visit = Visit.at(simulation)
    visit.spent[int(NOW.timestamp()) // SECONDS] = 300 - 199 - 5
    batches, error = until_it_breaks(visit)
    assert isinstance(error, RetryLater)
    assert [document.key for batch in batches[-1:] for document in batch.documents] == [
        "4711",
        "4713",
        "4714",
        "4716",
    ]
    assert batches[-1].position["after"] == 4716
