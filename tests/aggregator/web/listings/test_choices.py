"""What can be chosen beside a listing."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from aggregator.web import clock
from aggregator.web.listings import choices
from aggregator.web.listings.state import State, read_state
from tests.factories import NOW


def state(query: str) -> State:
    from django.http import QueryDict

    return read_state(dict(QueryDict(query).lists()), ())[0]


@pytest.mark.parametrize(
    ("day", "weekend"),
    [
        (16, (20, 22)),  # Monday
        (19, (20, 22)),
        (20, (20, 22)),  # Friday
        (21, (21, 22)),
        (22, (22, 22)),  # Sunday
        (23, (27, 29)),
    ],
)
def test_the_weekend_is_what_is_left_of_friday_to_sunday(day: int, weekend: tuple[int, int]) -> None:
    found = choices.weekend(date(2026, 11, day))
    assert tuple(one.day for one in found) == weekend


@pytest.mark.parametrize(
    ("hour", "label"), [(3, "Tonight"), (6, "Today"), (15, "Today"), (16, "Tonight"), (22, "Tonight")]
)
def test_tonight_is_said_in_the_evening_only(hour: int, label: str) -> None:
    """UTC; Stockholm is an hour ahead, and its evening begins at 17:00."""
    assert choices.quick(State(), NOW.replace(hour=hour))[0].label == label


def test_a_quick_choice_that_is_made_is_taken_back_by_itself() -> None:
    asked = state("city=Lund&from=2026-11-22&to=2026-11-22&free=true")
    today, tomorrow, _, free, left = choices.quick(asked, NOW)
    assert (today.chosen, today.query) == (True, "?city=Lund&free=true")
    assert (tomorrow.chosen, tomorrow.query) == (False, "?from=2026-11-23&to=2026-11-23&city=Lund&free=true")
    assert (free.chosen, free.query) == (True, "?from=2026-11-22&to=2026-11-22&city=Lund")
    assert "availability=available&availability=few" in left.query


def test_the_strip_and_the_neighbours_keep_the_rest_of_the_search() -> None:
    asked = state("q=jazz&from=2026-11-23&to=2026-11-23&view=grid")
    strip = choices.day_strip(asked, {date(2026, 11, 22): 3, date(2026, 11, 23): 1}, NOW)
    assert [(one.nearness, one.number, one.chosen) for one in strip] == [
        ("Today", 3, False),
        ("Tomorrow", 1, True),
    ]
    assert strip[0].query == "?q=jazz&from=2026-11-22&to=2026-11-22&view=grid"
    around = choices.neighbours(asked)
    assert around is not None
    assert around.after.query == "?q=jazz&from=2026-11-24&to=2026-11-24&view=grid"
    assert choices.neighbours(state("from=2026-11-23")) is None
    for edge in ("0001-01-01", "9999-12-31"):
        assert choices.neighbours(state(f"from={edge}&to={edge}")) is None


def test_every_filter_in_use_can_be_dropped_by_itself() -> None:
    asked = state(
        "q=jazz&city=Lund&city=Ume%C3%A5&from=2026-11-23&near=59.3,18&radius=2.5&kind=concert&free=false"
    )
    shown = {str(chip.label): chip.query for chip in choices.chips(asked, {})}
    assert list(shown) == [
        *("“jazz”", "from Mon 23 Nov", "Lund", "Umeå", "Concert", "Not free"),
        "within 2.5 km of the chosen place",
    ]
    assert "city=Lund" not in shown["Lund"]
    assert "city=Ume" in shown["Lund"]
    assert "radius" not in shown["within 2.5 km of the chosen place"]


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Sunday 22 November"),
        ("sv", "söndag 22 november"),
        ("fr", "dimanche 22 novembre"),
        ("de", "Sonntag, 22. November"),
    ],
)
def test_days_are_written_as_the_language_writes_them(language: str, label: str) -> None:
    with translation.override(language):
        assert clock.day_label(date(2026, 11, 22), NOW) == label


def test_a_stretch_of_days_says_the_year_once() -> None:
    first = datetime(2026, 11, 19).date()
    assert clock.day_range(first, first + timedelta(days=11)) == "19 November – 30 November 2026"
    assert clock.day_range(first, first) == clock.day_range(first, None) == "19 November 2026"
    assert clock.day_range(date(2026, 12, 30), date(2027, 1, 2)) == "30 December 2026 – 2 January 2027"
    assert clock.day_range(None, None) == ""
