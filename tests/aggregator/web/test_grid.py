"""Where showings stand in a festival's grid."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aggregator.web.grid import SHORTEST, DayGrid, Timed, lay_out

DAY = date(2026, 11, 22)
_ids = count()


@dataclass
class Shown:
    """As much of a card as the layout looks at."""

    venue: str
    id: int = field(default_factory=lambda: next(_ids))


def grid(*showings: tuple[str, int, int]) -> DayGrid:
    timed: list[Any] = [Timed(Shown(venue), start, end) for venue, start, end in showings]  # type: ignore[arg-type]
    return lay_out(DAY, "", "", sorted(timed, key=lambda one: one.start), ())


def test_a_position_counts_from_the_first_full_hour() -> None:
    day = grid(("Skandia", 10 * 60 + 30, 12 * 60), ("Skandia", 18 * 60, 19 * 60 + 37))
    assert [tick.label for tick in day.ticks][:2] == ["10", "11"]
    assert day.hours == 10
    assert [cell.place for cell in day.cells] == ["h0 m30 dh1 dm30 lt0 lu0", "h8 m0 dh1 dm35 lt0 lu0"]


def test_hours_go_on_past_midnight() -> None:
    day = grid(("Skandia", 22 * 60, 23 * 60), ("Skandia", 25 * 60, 27 * 60))
    assert [tick.label for tick in day.ticks] == ["22", "23", "00", "01", "02"]


def test_a_venue_has_a_lane_for_each_showing_at_one_time() -> None:
    day = grid(("Zita", 600, 700), ("Anna", 600, 700), ("Anna", 630, 660), ("Anna", 720, 800))
    assert [(row.venue, row.place) for row in day.rows] == [("Anna", "lt0 lu0 ls2"), ("Zita", "lt0 lu2 ls1")]


def test_a_short_one_can_be_touched_and_an_endless_one_is_cut() -> None:
    day = grid(("Skandia", 600, 601), ("Zita", 600, 600 + 20 * 60))
    assert SHORTEST == 45
    assert [cell.place for cell in day.cells] == ["h0 m0 dh0 dm45 lt0 lu0", "h0 m0 dh12 dm0 lt0 lu1"]
    assert day.hours == 12


def test_a_day_without_times_has_no_grid() -> None:
    day = lay_out(DAY, "", "", (), [Shown("x")])  # type: ignore[list-item]
    assert (day.hours, day.cells, day.number) == (0, (), 1)


@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", ""]), st.integers(300, 1739), st.integers(0, 900)), max_size=40
    )
)
def test_no_two_showings_share_a_place(showings: list[tuple[str, int, int]]) -> None:
    day = grid(*((venue, start, start + length) for venue, start, length in showings))
    taken: set[tuple[str, int]] = set()
    for cell in day.cells:
        at = {
            name.rstrip("0123456789"): int(name.lstrip("abcdefghijklmnopqrstuvwxyz"))
            for name in cell.place.split()
        }
        start = at["h"] * 60 + at["m"]
        lane = f"{at['lt']}.{at['lu']}"
        assert at["dh"] <= 12
        assert start < day.hours * 60
        for minute in range(start, start + at["dh"] * 60 + at["dm"], 5):
            assert (lane, minute) not in taken
            taken.add((lane, minute))
