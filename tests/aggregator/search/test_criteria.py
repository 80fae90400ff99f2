"""Reading what somebody looks for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.search.criteria import NAMES, Criteria, read_criteria

PROVIDERS = ("sff", "kulturbiljetter")


def test_nothing_given_asks_nothing() -> None:
    assert read_criteria({}, PROVIDERS) == (Criteria(), ())


def test_empty_values_count_as_not_given() -> None:
    assert read_criteria({name: ["", "  "] for name in NAMES}, PROVIDERS) == (Criteria(), ())


def test_everything_is_read() -> None:
    criteria, bad = read_criteria(
        {
            "q": [" natt  linje\x00"],
            "provider": ["sff", "kulturbiljetter", "sff"],
            "from": ["2026-11-22"],
            "to": ["2026-11-22"],
            "city": ["Malmö"],
            "venue": ["7"],
            "kind": ["concert"],
            "availability": ["few"],
            "free": ["1"],
        },
        PROVIDERS,
    )
    assert bad == ()
    assert criteria == Criteria(
        texts=("natt linje",),
        providers=("sff", "kulturbiljetter"),
        start=date(2026, 11, 22),
        end=date(2026, 11, 22),
        cities=("Malmö",),
        venues=(7,),
        kinds=("concert",),
        availability=("few",),
        free=(True,),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "x" * 10_000),
        ("q", "\x00\x01"),
        ("provider", "nobody"),
        ("from", "20261122"),
        ("from", "2026-02-30"),
        ("to", "tomorrow"),
        ("venue", "0"),
        ("venue", "-1"),
        ("venue", "٣"),
        ("festival", "99999999999999999999"),
        ("kind", "circus"),
        ("availability", "SOLDOUT"),
        ("free", "perhaps"),
    ],
)
def test_a_bad_value_is_named_and_left_out(name: str, value: str) -> None:
    criteria, bad = read_criteria({name: [value]}, PROVIDERS)
    assert criteria == Criteria()
    assert [one.parameter for one in bad] == [name]
    assert value not in bad[0].message


def test_a_day_can_be_given_only_once() -> None:
    criteria, bad = read_criteria({"from": ["2026-11-22", "2026-11-23"]}, PROVIDERS)
    assert (criteria.start, [one.parameter for one in bad]) == (None, ["from"])


def test_an_end_before_the_start_is_left_out() -> None:
    criteria, bad = read_criteria({"from": ["2026-11-22"], "to": ["2026-11-21"]}, PROVIDERS)
    assert (criteria.end, [one.parameter for one in bad]) == (None, ["to"])


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=40), max_size=4)))
def test_nothing_breaks_the_reading(values: dict[str, list[str]]) -> None:
    _, bad = read_criteria(values, PROVIDERS)
    assert {one.parameter for one in bad} <= set(values)
