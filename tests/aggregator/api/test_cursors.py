"""Cursors: complete under ordering=id, stable while rows come, and worth nothing when they are not ours."""

import base64
import json
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from aggregator.api import paging, questions
from aggregator.api.cursors import BY_ID, BY_START, START, cursor_after, read_cursor
from aggregator.search import backlog
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def local(url: str) -> str:
    return "{0.path}?{0.query}".format(urlsplit(url))


def walk(client: Client, path: str | None, between: Any = None) -> list[int]:
    """Ids in the order in which following ``next`` meets them."""
    seen: list[int] = []
    while path:
        answer = get(client, path)
        seen += [row["id"] for row in answer["results"]]
        path = answer["next"] and local(answer["next"])
        if between:
            between()
    return seen


@pytest.mark.parametrize("ordering", ["id", "-id", "start", "-start"])
def test_a_walk_by_cursor_meets_every_row_once_in_order(client: Client, ordering: str) -> None:
    for hour in (3, 1, 1, 2, 0, 1, 5):
        factories.make_showing(starts_at=NOW + timedelta(hours=hour))
    whole = [row["id"] for row in get(client, f"/api/v1/showings/?ordering={ordering}")["results"]]
    assert walk(client, f"/api/v1/showings/?ordering={ordering}&cursor=*&page_size=2") == whole


def test_lists_by_cursor_are_by_id_unless_told_otherwise_and_count_nothing(client: Client) -> None:
    rows = [factories.make_showing(starts_at=NOW - timedelta(hours=hour)) for hour in range(3)]
    answer = get(client, "/api/v1/showings/?cursor=*&page_size=2")
    assert answer.keys() == {"next", "previous", "results"}
    assert [row["id"] for row in answer["results"]] == [row.pk for row in rows[:2]]
    assert "ordering=id" in answer["next"]
    response = client.get("/api/v1/showings/?cursor=*&page_size=2")
    assert response["Link"] == f'<{answer["next"]}>; rel="next"'


def test_nothing_is_missed_or_met_twice_while_rows_come_and_go(client: Client) -> None:
    rows = [factories.make_showing() for _ in range(9)]
    steps = iter(range(9))

    def between() -> None:
        step = next(steps)
        factories.make_showing()
        type(rows[0])._default_manager.filter(pk=rows[step].pk).update(withdrawn_at=NOW)

    seen = walk(client, "/api/v1/showings/?ordering=id&cursor=*&page_size=3", between)
    assert seen[:9] == [row.pk for row in rows]
    assert len(seen) == len(set(seen)) > 9


@pytest.mark.parametrize("asked", ["", "&q=natt", "&q=natt&city=Uppsala"])
@pytest.mark.parametrize("ordering", ["id", "-id", "start"])
def test_nothing_is_missed_or_met_twice_while_the_search_table_is_made_anew(
    client: Client, ordering: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = factories.make_venue(city="Uppsala")
    for hour in range(12):
        event = factories.make_event("Natt på museet")
        factories.make_showing(event, venue=venue, starts_at=NOW + timedelta(hours=hour))
    path = f"/api/v1/showings/?ordering={ordering}&cursor=*&page_size=2{asked}"
    before = walk(client, path)
    assert len(before) == 12
    monkeypatch.setattr(backlog, "BATCH", 5)
    seen: list[int] = []
    going_on: str | None = path

    def read(kind: Any = None, number: int = 0) -> None:
        nonlocal going_on
        if going_on:
            page = get(client, going_on)
            seen.extend(row["id"] for row in page["results"])
            going_on = page["next"] and local(page["next"])

    read()
    backlog.postpone_all()
    backlog.work(progress=read)  # a page between any two batches
    assert going_on is None
    assert seen == before


def test_filters_stay_in_the_addresses(client: Client) -> None:
    for availability in ("few", "soldout", "few", "few"):
        factories.make_showing(availability=availability)
    path = "/api/v1/showings/?cursor=*&page_size=1&availability=few&fields=availability"
    assert len(walk(client, path)) == 3


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "***",
        "å",
        "null",
        base64.urlsafe_b64encode(b'["id",true]').decode(),
        base64.urlsafe_b64encode(b'["id",1.5]').decode(),
        base64.urlsafe_b64encode(b'["id","1"]').decode(),
        base64.urlsafe_b64encode(b'["id",99999999999999999999]').decode(),
        base64.urlsafe_b64encode(b'["id",1,2]').decode(),
        base64.urlsafe_b64encode(b'["-id",1]').decode(),
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(b"7").decode(),
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b"[" * 150).decode(),
        "A" * 301,
    ],
)
def test_what_is_no_cursor_of_ours_is_refused(client: Client, cursor: str) -> None:
    problem = get(client, f"/api/v1/events/?ordering=id&cursor={cursor}", 400)
    assert (problem["code"], problem["parameter"]) == ("bad-cursor", "cursor")


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_reading_a_cursor_never_fails_otherwise(word: str) -> None:
    for order in (BY_ID, BY_START):
        try:
            stand = read_cursor(word, order)
        except ValueError:
            continue
        assert stand == () if word == START else len(stand) == len(order.keys)


@given(st.dates(), st.datetimes(timezones=st.just(UTC)), st.integers(1, 2**63 - 1))
def test_a_cursor_is_read_back_as_it_was_written(day: Any, start: Any, pk: int) -> None:
    row = {"local_start_date": day, "starts_at": start, "id": pk}
    word = cursor_after(BY_START, row)
    assert read_cursor(word, BY_START) == (day, start, pk)
    assert set(word) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("cursor=*&page=1", "cursor"),
        ("cursor=*&ordering=start", "ordering"),
        ("cursor=*&ordering=x", "ordering"),
    ],
)
def test_what_a_cursor_cannot_be_joined_with(client: Client, query: str, parameter: str) -> None:
    assert get(client, f"/api/v1/events/?{query}", 400)["parameter"] == parameter


def test_behind_the_last_numbered_page_a_cursor_goes_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_PAGED", 4)
    for hour in range(7):
        factories.make_showing(starts_at=NOW - timedelta(hours=hour))
    whole = [row["id"] for row in get(client, "/api/v1/showings/")["results"]]
    assert walk(client, "/api/v1/showings/?page_size=2") == whole
    assert "cursor=" in get(client, "/api/v1/showings/?page_size=2&page=2")["next"]
    assert get(client, "/api/v1/showings/?page_size=2&page=3", 400)["parameter"] == "page"
    assert get(client, "/api/v1/events/?page_size=2&page=2&ordering=start")["next"] is None


def test_modified_since_reaches_back_over_the_overlap(client: Client) -> None:
    rows = [factories.make_event(updated_at=NOW - timedelta(minutes=minutes)) for minutes in (60, 14, 1)]
    moment = (NOW - timedelta(minutes=10)).isoformat().replace("+", "%2B")
    told = get(client, f"/api/v1/events/?modified_since={moment}")["results"]
    assert [row["id"] for row in told] == [rows[1].pk, rows[2].pk]
    assert timedelta(minutes=5) == questions.OVERLAP


@pytest.mark.parametrize(
    "value",
    ["yesterday", "2026-11-22", "2026-11-22T15:00:00", "2026-13-22T15:00:00Z", "0001-01-01T00:00:00%2B14:00"],
)
def test_a_moment_needs_an_offset(client: Client, value: str) -> None:
    assert get(client, f"/api/v1/events/?modified_since={value}", 400)["parameter"] == "modified_since"
