"""The client over real HTTP to its simulator: what is asked, and what changed."""

from aggregator.records import TermRecord
from aggregator.vocabulary import Mode
from providers.filmmakers import PROVIDER
from providers.filmmakers.directory import LOCALES
from providers.filmmakers.privacy import UNREAD_LISTS
from providers.filmmakers.simulator.words import LISTS
from providers.simulation import Running, running
from tests.providers.filmmakers.asking import asked, details, stored
from tests.providers.filmmakers.visits import NOW, Memory, config_of


def test_a_full_run_reads_profiles_agencies_and_labels(simulation: Running) -> None:
    memory = Memory(cursors={}).run(simulation)
    kinds = [kind for kind, _ in memory.stored]
    assert (kinds.count("profile"), kinds.count("attribute")) == (11, len(set(LISTS) - UNREAD_LISTS))
    assert kinds.count("agency") >= 3
    assert memory.complete == {("profile", ""), ("attribute", "")}
    assert memory.refused == []
    assert memory.waits == 0
    assert set(memory.cursors) == {"profiles", "attributes", "agencies"}


def test_labels_come_in_nine_languages_and_in_one_document_per_list(simulation: Running) -> None:
    memory = Memory(cursors={}).run(simulation)
    records = PROVIDER.map(memory.stored["attribute", "languages"], config_of(simulation))
    german = next(term for term in records if isinstance(term, TermRecord) and term.value == "deutsch")
    assert tuple(german.labels) == LOCALES
    assert (german.labels["en"], german.labels["de"], german.labels["ru"]) == (
        "German",
        "Deutsch",
        "немецкий",
    )
    assert not {key for kind, key in memory.stored if kind == "attribute"} & UNREAD_LISTS


def test_labels_are_read_once_a_week(simulation: Running) -> None:
    memory = Memory(cursors={}).run(simulation)
    asked(simulation)
    simulation.advance(6 * 86_400)
    memory.run(simulation)
    assert not [path for path in asked(simulation) if path.startswith("attributes")]
    simulation.advance(86_400)
    memory.run(simulation)
    assert len([path for path in asked(simulation) if path.startswith("attributes")]) == 199


def test_the_demonstration_fits_into_one_window() -> None:
    with running(["filmmakers"], now=NOW) as served:
        memory = Memory(cursors={}).run(served)
        assert len(served.requests) < 300
    assert memory.waits == 0
    assert len(memory.profiles()) > 50


def test_a_second_run_asks_for_nothing_but_the_list(simulation: Running) -> None:
    memory = Memory().run(simulation)
    asked(simulation)
    for mode in (Mode.FULL, Mode.CHANGES):
        memory.run(simulation, mode)
        assert [path.partition("?")[0] for path in asked(simulation)] == ["actor_profiles"]
    assert memory.complete == set()


def test_a_second_run_asks_for_the_changed_ones_only(simulation: Running) -> None:
    memory = Memory().run(simulation)
    asked(simulation)
    simulation.advance(3600)
    simulation.mutate("filmmakers", "rename", id=4714, name="Nora Neu")
    memory.run(simulation, Mode.CHANGES)
    assert details(simulation) == ["4714"]
    assert stored(memory, "4714")["last_name"] == "Neu"
    simulation.advance(3600)
    simulation.mutate("filmmakers", "edit", id=4716)
    memory.run(simulation)
    assert details(simulation) == ["4716"]
    assert len(memory.seen) == 10


def test_the_list_is_asked_for_what_changed_since_with_some_overlap(simulation: Running) -> None:
    memory = Memory().run(simulation)
    newest = int(memory.cursors["profiles"])
    asked(simulation)
    memory.run(simulation, Mode.CHANGES)
    (path,) = asked(simulation)
    assert f"updated_at%5Bgte%5D={newest - 60}" in path
    assert "order=id" in path


def test_a_stamp_ahead_of_our_clock_does_not_move_the_cursor_beyond_it(simulation: Running) -> None:
    simulation.mutate("filmmakers", "edit", id=4714, fields={"updated_at": "2031-01-01T00:00:00.000+01:00"})
    memory = Memory().run(simulation)
    assert int(memory.cursors["profiles"]) == int(NOW.timestamp())
