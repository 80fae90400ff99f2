"""Whom the client keeps: children, the withheld, the deleted and the merged."""

from itertools import pairwise

from aggregator.records import PersonRecord
from aggregator.vocabulary import Mode
from providers.filmmakers import PROVIDER
from providers.filmmakers.privacy import NEVER_STORED
from providers.simulation import Running
from tests.providers.filmmakers.asking import AGELESS, CHILD, PRIVATE, asked, details, stored
from tests.providers.filmmakers.visits import Memory, config_of


def test_of_a_child_nothing_is_asked_and_nothing_kept(simulation: Running) -> None:
    memory = Memory().run(simulation)
    assert memory.forgotten == {CHILD}
    assert CHILD not in details(simulation)
    assert ("profile", CHILD) not in memory.stored


def test_a_child_that_only_the_detail_tells_of_is_forgotten(simulation: Running) -> None:
    marker = "Planted-Marker-Zq"
    fields = {"age": None, "year_of_birth": 2014, "last_name": marker}
    simulation.mutate("filmmakers", "edit", id=4714, fields=fields)
    memory = Memory().run(simulation)
    assert "4714" in memory.forgotten
    assert ("profile", "4714") not in memory.stored


def test_neither_body_nor_origin_nor_what_is_private_is_stored(simulation: Running) -> None:
    memory = Memory().run(simulation)
    for key in memory.profiles():
        assert not set(NEVER_STORED) & set(stored(memory, key))
    hiding = [
        key for key in memory.profiles() if stored(memory, key)["attribute_visibility"]["age"] == "private"
    ]
    assert hiding == [AGELESS]
    assert "age" not in stored(memory, AGELESS)
    assert "year_of_birth" not in stored(memory, AGELESS)
    assert stored(memory, "4711")["year_of_birth"] == 1985


def test_somebody_private_is_an_id_until_they_are_public_again(simulation: Running) -> None:
    memory = Memory().run(simulation)
    assert stored(memory, PRIVATE) == {"id": int(PRIVATE), "withheld": True}
    simulation.advance(60)
    simulation.mutate("filmmakers", "edit", id=4714, fields={"profile_visibility": "private"})
    simulation.mutate("filmmakers", "edit", id=int(PRIVATE), fields={"profile_visibility": "public"})
    memory.run(simulation, Mode.CHANGES)
    assert stored(memory, "4714") == {"id": 4714, "withheld": True}
    assert stored(memory, PRIVATE)["profile_visibility"] == "public"
    assert memory.forgotten == {CHILD}


def test_publishing_nothing_asks_for_no_profile_and_empties_what_was_stored(simulation: Running) -> None:
    settings = {"publish": "none"}
    memory = Memory().run(simulation)
    asked(simulation)
    memory.run(simulation, settings=settings)
    assert [path.partition("?")[0] for path in asked(simulation)] == ["actor_profiles"]
    assert memory.profiles() == {}
    config = config_of(simulation, publish="none")
    for (kind, _), document in memory.stored.items():
        if kind == "profile":
            (person,) = PROVIDER.map(document, config)
            assert isinstance(person, PersonRecord)
            assert (person.public, person.name) == (False, "")
    memory.run(simulation, settings=settings)
    assert len(memory.seen) == 11
    memory.run(simulation)
    assert len(memory.profiles()) == 10


def test_publishing_the_scope_brings_the_private_ones_too(simulation: Running) -> None:
    memory = Memory().run(simulation, settings={"publish": "scope"})
    assert PRIVATE in memory.profiles()
    assert memory.forgotten == {CHILD}


def test_in_the_older_state_nobody_is_marked_public(simulation: Running) -> None:
    simulation.switch("filmmakers", "docs_state", "seed")
    memory = Memory().run(simulation)
    assert memory.profiles() == {}
    memory.run(simulation, settings={"publish": "scope"})
    assert len(memory.profiles()) == 11
    for document in memory.stored.values():
        assert PROVIDER.map(document, config_of(simulation, publish="scope"))


def test_a_deleted_profile_is_forgotten_and_a_merged_one_followed(simulation: Running) -> None:
    memory = Memory().run(simulation)
    simulation.mutate("filmmakers", "delete", id=4714)
    simulation.mutate("filmmakers", "merge", id=4716, into=4717)
    wanted = [("profile", key) for key in ("4714", "4716")]
    memory.run(simulation, Mode.WANTED, wanted=wanted)
    assert memory.forgotten == {CHILD, "4714", "4716"}
    assert stored(memory, "4717")["id"] == 4717


def test_merges_that_lead_in_a_circle_end(simulation: Running) -> None:
    simulation.mutate("filmmakers", "merge", id=4714, into=4716)
    simulation.mutate("filmmakers", "merge", id=4716, into=4714)
    memory = Memory().run(simulation, Mode.WANTED, wanted=[("profile", "4714")])
    assert memory.forgotten == {"4714", "4716"}
    assert memory.stored == {}


def test_a_chain_of_merges_is_followed_for_five_hops(simulation: Running) -> None:
    ids = [4711, 4713, 4714, 4716, 4717, 4718, 4719]
    for source, target in pairwise(ids[1:]):
        simulation.mutate("filmmakers", "merge", id=source, into=target)
    memory = Memory().run(simulation, Mode.WANTED, wanted=[("profile", "4713")])
    assert "4719" in memory.profiles()
    simulation.mutate("filmmakers", "merge", id=4711, into=4713)
    memory = Memory().run(simulation, Mode.WANTED, wanted=[("profile", "4711")])
    assert "4719" not in memory.profiles()


def test_an_unknown_profile_is_emptied_and_can_come_back(simulation: Running) -> None:
    simulation.switch("filmmakers", "docs_state", "seed")
    settings = {"publish": "scope"}
    memory = Memory().run(simulation, settings=settings)
    simulation.mutate("filmmakers", "delete", id=4714)
    memory.run(simulation, Mode.WANTED, wanted=[("profile", "4714")], settings=settings)
    assert stored(memory, "4714") == {"id": 4714, "withheld": True}
    simulation.mutate("filmmakers", "restore")
    memory.run(simulation, settings=settings)
    assert stored(memory, "4714")["id"] == 4714


def test_a_hook_asks_for_its_profiles_and_nothing_else(simulation: Running) -> None:
    memory = Memory().run(simulation)
    asked(simulation)
    wanted = [("profile", "4711"), ("profile", "4711"), ("profile", CHILD), ("other", "1"), ("profile", "x")]
    memory.run(simulation, Mode.WANTED, wanted=wanted)
    assert asked(simulation) == ["actor_profiles/4711", f"actor_profiles/{CHILD}"]
    memory.run(simulation, Mode.WANTED, wanted=wanted, settings={"publish": "none"})
    memory.run(simulation, Mode.WANTED)
    assert asked(simulation) == []


def test_agencies_are_read_by_the_ids_that_are_named_and_again_after_a_week(simulation: Running) -> None:
    memory = Memory().run(simulation)
    agencies = sorted(key for kind, key in memory.stored if kind == "agency")
    assert memory.cursors["agencies"] == ",".join(agencies)
    asked(simulation)
    simulation.advance(7 * 86_400)
    memory.run(simulation, Mode.CHANGES)
    assert not [path for path in asked(simulation) if path.startswith("talent_agencies")]
    memory.run(simulation)
    again = [path.partition("/")[2] for path in asked(simulation) if path.startswith("talent_agencies")]
    assert sorted(again) == agencies
