"""The picture of a provider's last seven days."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.admin.freshness import BIN_WIDTH, BINS, HEIGHT, LEAST_TOP, SPAN, WIDTH, Ending, draw

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def good(hours: float) -> Ending:
    """A run that ended well so many hours ago."""
    return Ending(NOW - hours * HOUR, True)


def bad(hours: float) -> Ending:
    """A run that failed so many hours ago."""
    return Ending(NOW - hours * HOUR, False)


def test_nothing_was_ever_read() -> None:
    chart = draw([], None, NOW)
    assert (chart.area, chart.worst, chart.good, chart.failed, chart.top) == ("", None, 0, 0, LEAST_TOP)


def test_the_worst_age_is_the_longest_wait_between_good_runs() -> None:
    chart = draw([good(100), bad(90), good(80.5), good(1)], None, NOW)
    assert chart.worst == 79.5 * HOUR
    assert chart.top == chart.worst
    assert (chart.good, chart.failed) == (3, 1)


def test_the_time_before_the_first_run_counts_only_where_there_was_an_earlier_one() -> None:
    assert draw([good(1)], None, NOW).worst == HOUR
    assert draw([good(1)], NOW - SPAN - 2 * HOUR, NOW).worst == SPAN + HOUR
    assert draw([], NOW - SPAN - HOUR, NOW).worst == SPAN + HOUR


def test_a_source_that_has_not_been_read_lately_looks_worst_at_the_end() -> None:
    chart = draw([good(30)], None, NOW)
    assert chart.area.split("M")[-1] == f"{WIDTH - BIN_WIDTH} {HEIGHT}v-{HEIGHT}h{BIN_WIDTH}v{HEIGHT}z"


def test_a_healthy_source_stays_low() -> None:
    chart = draw([good(hours / 4) for hours in range(1, 4 * 168)], None, NOW)
    heights = [int(step.split("v-")[1].split("h")[0]) for step in chart.area.split("M")[1:]]
    assert max(heights) < HEIGHT / 10


def test_failures_of_one_stretch_are_one_mark() -> None:
    [early, late] = draw([bad(0), bad(0.5), bad(50)], None, NOW).failures
    assert (early.number, late.number, late.x) == (1, 2, (BINS - 1) * BIN_WIDTH)
    assert late.at == NOW - 2 * HOUR


def test_days_begin_at_midnight() -> None:
    days = draw([], None, NOW).days
    assert [day.day for _, day, _ in days] == [16, 17, 18, 19, 20, 21, 22]
    assert [named for _, _, named in days] == [True] * 6 + [days[-1][0] <= WIDTH - 30]
    assert days[0][0] == round(9 / 2 * BIN_WIDTH)


@given(st.lists(st.tuples(st.floats(-10, 400), st.booleans()), max_size=60), st.booleans())
def test_whatever_happened_it_fits_the_picture(ends: list[tuple[float, bool]], earlier: bool) -> None:
    endings = [Ending(NOW - hours * HOUR, well) for hours, well in ends]
    chart = draw(endings, NOW - 2 * SPAN if earlier else None, NOW)
    for step in chart.area.split("M")[1:]:
        x, rest = step.split(" ", 1)
        assert 0 <= int(x) <= WIDTH - BIN_WIDTH
        assert 1 <= int(rest.split("v-")[1].split("h")[0]) <= HEIGHT
    assert all(0 <= mark.x <= WIDTH - BIN_WIDTH and mark.number > 0 for mark in chart.failures)
    assert chart.failed == sum(mark.number for mark in chart.failures)
    assert chart.good + chart.failed <= len(ends)
