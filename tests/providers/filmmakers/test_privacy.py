"""Who is kept, and what of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.filmmakers.privacy import NEVER_STORED, Fate, fate, may_be_a_child, scrubbed, withheld

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
MARKER = "marker-that-must-not-survive"


@pytest.mark.parametrize(
    ("profile", "child"),
    [
        ({"age": 17}, True),
        ({"age": 18}, False),
        ({"age": "12"}, True),
        ({"age": 0}, True),
        ({"age": None, "year_of_birth": 2008}, True),
        ({"age": None, "year_of_birth": 2007}, False),
        ({"age": 18, "year_of_birth": 2008}, False),
        ({"age": -4, "professions": ["nachwuchsdarsteller"]}, True),
        ({"age": 4000}, False),
        ({"age": True}, False),
        ({}, False),
        ({"professions": ["schauspieler"]}, False),
        ({"professions": ["schauspieler", "Nachwuchsdarsteller"]}, True),
        ({"main_profession": "young_actor"}, True),
        ({"professions": "Nachwuchsdarsteller/in, Sprecher/in"}, True),
        ({"specializations": ["kinderdarsteller"]}, True),
        ({"age": 30, "main_profession": "young_actor"}, False),
        ({"professions": [None, 7, {}]}, False),
    ],
)
def test_who_may_be_a_child(profile: dict[str, Any], child: bool) -> None:
    assert may_be_a_child(profile, NOW) is child


@pytest.mark.parametrize(
    ("publish", "visibility", "verdict"),
    [
        ("none", "public", Fate.WITHHOLD),
        ("none", "private", Fate.WITHHOLD),
        ("public", "public", Fate.KEEP),
        ("public", "private", Fate.WITHHOLD),
        ("public", None, Fate.WITHHOLD),
        ("public", "restricted", Fate.WITHHOLD),
        ("scope", "public", Fate.KEEP),
        ("scope", "private", Fate.KEEP),
        ("scope", None, Fate.KEEP),
    ],
)
def test_what_the_setting_lets_be_shown(publish: str, visibility: str | None, verdict: Fate) -> None:
    profile = {"id": 1, "age": 40} | ({"profile_visibility": visibility} if visibility else {})
    assert fate(profile, publish, NOW) is verdict
    assert fate(profile | {"age": 9}, publish, NOW) is Fate.FORGET


def test_the_body_and_the_origin_are_never_kept() -> None:
    profile = dict.fromkeys(NEVER_STORED, MARKER) | {"id": 1, "first_name": "Ronja"}
    assert scrubbed(profile) == {"id": 1, "first_name": "Ronja"}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("age", ["age", "year_of_birth"]),
        ("acting_age", ["acting_age_from", "acting_age_to"]),
        ("gender", ["gender", "gender_new", "gender_description", "gender_searchability"]),
        ("working_permits", ["working_permits"]),
        ("city", ["city"]),
    ],
)
@pytest.mark.parametrize("word", ["private", "", None, "only_friends"])
def test_what_is_marked_private_goes(name: str, fields: list[str], word: object) -> None:
    profile = {"id": 1, "attribute_visibility": {name: word}} | dict.fromkeys(fields, MARKER)
    assert MARKER not in json.dumps(scrubbed(profile))
    kept = scrubbed(profile | {"attribute_visibility": {name: "public"}})
    assert set(fields) <= set(kept)


def test_where_the_marks_cannot_be_read_everything_they_could_cover_goes() -> None:
    profile = {"id": 1, "age": MARKER, "gender": MARKER, "attribute_visibility": ["?"], "city": "Kiel"}
    assert scrubbed(profile) == {"id": 1, "attribute_visibility": ["?"], "city": "Kiel"}


def test_a_part_that_is_marked_private_goes_at_any_depth() -> None:
    secret = {"visibility": "private", "name": MARKER}
    profile = {
        "pictures": [secret, {"id": 1, "visibility": "public"}],
        "vita": {"film": [secret, {"name": "Wattläufer", "more": [secret]}], "x": secret},
        "y": secret,
    }
    assert scrubbed(profile) == {
        "pictures": [{"id": 1, "visibility": "public"}],
        "vita": {"film": [{"name": "Wattläufer", "more": []}]},
    }


@given(st.dictionaries(st.sampled_from([*NEVER_STORED, "id", "age", "languages", "x"]), st.just(MARKER)))
def test_nothing_that_is_never_stored_survives_and_the_rest_does(profile: dict[str, Any]) -> None:
    kept = scrubbed(profile)
    assert set(kept) == set(profile) - set(NEVER_STORED)


def test_of_somebody_withheld_there_is_an_id_and_no_more() -> None:
    assert withheld(7) == {"id": 7, "withheld": True}
