"""Paging by place."""

from datetime import timedelta

import pytest

from aggregator.models import Showing
from aggregator.search.criteria import Criteria
from aggregator.search.paging import Place, page_of, place_of, read_place
from aggregator.search.showings import find_showings
from tests import factories
from tests.factories import NOW


def walk(size: int) -> list[int]:
    seen: list[int] = []
    after: Place | None = None
    while True:
        page = page_of(find_showings(Criteria()), size, after=after)
        seen += [row.pk for row in page.rows]
        if page.after is None:
            return seen
        after = read_place(str(page.after))


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_every_row_comes_once_even_where_many_start_together(size: int) -> None:
    event = factories.make_event()
    for minute in (0, 0, 0, 30, 30, 59, 600, 600, 3000):
        factories.make_showing(event, starts_at=NOW + timedelta(minutes=minute, microseconds=minute * 7))
    assert walk(size) == [row.pk for row in find_showings(Criteria())]


@pytest.mark.django_db
def test_a_row_that_comes_or_goes_before_the_place_shifts_nothing() -> None:
    event = factories.make_event()
    rows = [factories.make_showing(event, starts_at=NOW + timedelta(minutes=one)) for one in range(6)]
    first = page_of(find_showings(Criteria()), 3)
    factories.make_showing(event, starts_at=NOW - timedelta(hours=1))
    Showing.objects.filter(pk=rows[2].pk).delete()
    second = page_of(find_showings(Criteria()), 3, after=first.after)
    assert [row.pk for row in second.rows] == [row.pk for row in rows[3:]]


@pytest.mark.django_db
def test_going_back_gives_the_rows_before() -> None:
    event = factories.make_event()
    rows = [factories.make_showing(event, starts_at=NOW + timedelta(minutes=one)) for one in range(7)]
    second = page_of(find_showings(Criteria()), 3, after=place_of(rows[2]))
    back = page_of(find_showings(Criteria()), 3, before=second.before)
    assert [row.pk for row in back.rows] == [row.pk for row in rows[:3]]
    assert back.before is None
    assert back.after == place_of(rows[2])


@pytest.mark.parametrize(
    "value",
    ["", "x", "2026-11-22", "2026-13-01.0.1", "2026-11-22.-99999999999999999.1", f"2026-11-22.0.{2**63}"],
)
def test_what_is_no_place_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        read_place(value)
