"""The query string of a listing, read and written."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.web.listings.state import State, View, read_state

PROVIDERS = ("one", "two")


def read(query: str) -> tuple[State, list[str]]:
    from django.http import QueryDict

    state, bad = read_state(dict(QueryDict(query).lists()), PROVIDERS)
    return state, [one.parameter for one in bad]


def test_what_was_read_is_written_again_in_one_order() -> None:
    state, bad = read("view=map&city=Ume%C3%A5&q=jazz&city=Lund&near=59.3,18.1&radius=5&from=2026-11-22")
    assert bad == []
    assert state.query() == (
        "?q=jazz&from=2026-11-22&city=Ume%C3%A5&city=Lund&near=59.3%2C18.1&radius=5&view=map"
    )
    assert read(state.query()[1:])[0] == state


def test_what_makes_no_sense_is_left_out_of_links() -> None:
    state, bad = read("q=jazz&from=soon&provider=nobody&view=wall&month=2026-13&after=x&page=2&utm_source=y")
    assert sorted(bad) == ["after", "from", "page", "provider", "view"]
    assert state.query() == "?q=jazz"


def test_a_value_can_be_added_and_taken_back() -> None:
    state, _ = read("city=Lund&q=jazz")
    assert state.query(state.with_value("city", "Umeå")) == "?q=jazz&city=Lund&city=Ume%C3%A5"
    assert state.query(state.without_value("city", "LUND")) == "?q=jazz"
    assert state.query(view=View.GRID) == "?q=jazz&city=Lund&view=grid"
    assert state.query(view=View.LIST) == "?q=jazz&city=Lund"


def test_a_month_belongs_to_its_view() -> None:
    state, _ = read("view=month&month=2027-02")
    assert (state.month, state.query()) == (date(2027, 2, 1), "?view=month&month=2027-02")
    assert read("month=2027-02")[0].month is None


def test_asking_for_everything_is_said_aloud_by_those_who_have_a_home() -> None:
    assert State().query() == "?"
    assert State(home="Lund").query() == "?city="
    assert State(values={"q": ("x",)}, home="Lund").query() == "?q=x"


@given(
    st.dictionaries(
        st.sampled_from(["q", "city", "from", "view", "month", "after", "near", "page"]), st.text()
    )
)
@example({"month": "9999-12", "view": "month"})
@example({"after": "9999-12-31.99999999999999999.1"})
def test_any_text_is_read_and_written_to_the_same_state(values: dict[str, str]) -> None:
    from django.http import QueryDict

    state, _ = read_state({name: [value] for name, value in values.items()}, PROVIDERS)
    written = dict(QueryDict(state.query(after=state.after, before=state.before)[1:]).lists())
    assert read_state(written, PROVIDERS)[0] == state


@pytest.mark.parametrize("month", ["2026-1", "2026-00", "0001-01", "9999-12", "2026-W4", "２０２６-01"])
def test_only_months_of_a_calendar_are_read(month: str) -> None:
    assert read(f"view=month&month={month}")[1] == ["month"]
