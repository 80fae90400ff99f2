"""What ingest, withdrawal, forgetting and the operator's hand say to those who follow the changes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aggregator.changes import hiding, seats
from aggregator.ingest import forgetting
from aggregator.models import Category, Change, Credit, Event, Person, SeatsTold, Selection, Showing
from aggregator.records import Credit as CreditRecord
from aggregator.records import PersonRecord
from aggregator.vocabulary import CreditRole, Kind
from tests import factories
from tests.toy import NOW, Toy, item, map_item, showing

pytestmark = pytest.mark.django_db(transaction=True)

Told = Callable[[], Sequence[tuple[str, int, str]]]


def event(key: str) -> int:
    return Event.objects.get(external_id=key).pk


def at(key: str) -> int:
    return Showing.objects.get(external_id=key).pk


def test_a_first_ingest_creates_and_an_unchanged_one_says_nothing(settings: Any, told: Told) -> None:
    toy = Toy([item(1), item(2)])
    toy.ingest(settings)
    said = told()
    assert {(kind, action) for kind, _, action in said} == {
        (kind, "created") for kind in ("venue", "organisation", "event", "showing")
    }
    assert len(said) == len(set(said)) == 6
    assert set(Change.objects.values_list("provider", "at")) == {("toy", NOW)}
    toy.ingest(settings)
    assert told() == []


def test_the_number_of_statements_does_not_grow_with_the_rows(settings: Any) -> None:
    counts = []
    for number in (2, 30):
        toy = Toy([item(n) for n in range(100 * number, 101 * number)], batch=100)
        with CaptureQueriesContext(connection) as queries:
            toy.ingest(settings)
        counts.append(sum('INTO "aggregator_change"' in query["sql"] for query in queries.captured_queries))
    assert counts[0] == counts[1] <= 4


def test_a_changed_text_is_told_of_the_event_alone(settings: Any, told: Told) -> None:
    toy = Toy([item(1), item(2)])
    toy.ingest(settings)
    told()
    toy.items[0]["text"] = "Mer om kvällen."
    toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert told() == [("event", event("1"), "updated")]


def test_a_new_title_is_told_of_the_showings_too_that_bear_it(settings: Any, told: Told) -> None:
    toy = Toy([item(1, showings=[showing("1a"), showing("1b")]), item(2)])
    toy.ingest(settings)
    told()
    toy.items[0]["title"] = "En annan kväll"
    toy.items[0]["showings"][1]["at"] = (NOW + timedelta(days=2)).isoformat()
    toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert told() == [
        ("event", event("1"), "updated"),
        ("showing", at("1b"), "updated"),
        ("showing", at("1a"), "updated"),
    ]


def test_what_is_withdrawn_and_comes_back_is_told(settings: Any, told: Told) -> None:
    toy = Toy([item(n) for n in range(1, 9)])
    toy.ingest(settings)
    told()
    dropped = toy.items.pop()
    toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert told() == [("showing", at("8a"), "withdrawn"), ("event", event("8"), "withdrawn")]
    toy.items.append(dropped)
    toy.ingest(settings, now=NOW + timedelta(hours=2))
    assert sorted(told()) == [("event", event("8"), "restored"), ("showing", at("8a"), "restored")]


def test_what_is_hidden_is_not_told_of_until_it_is_shown_again(settings: Any, told: Told) -> None:
    toy = Toy([item(1, showings=[showing("1a"), showing("1b")])])
    toy.ingest(settings)
    told()
    assert hiding.hide(Showing.objects.filter(pk=at("1b")), "by hand", NOW) == 1
    assert told() == [("showing", at("1b"), "hidden")]
    toy.items[0]["showings"][1]["at"] = (NOW + timedelta(days=2)).isoformat()
    toy.ingest(settings, now=NOW + timedelta(hours=1))
    assert told() == []
    assert hiding.show(Showing.objects.all(), NOW) == 1
    assert told() == [("showing", at("1b"), "restored")]


def test_a_hidden_event_takes_its_showings_along_and_brings_them_back(settings: Any, told: Told) -> None:
    toy = Toy([item(1, showings=[showing("1a"), showing("1b")]), item(2)])
    toy.ingest(settings)
    hiding.hide(Showing.objects.filter(pk=at("1b")), "by hand", NOW)
    told()
    hiding.hide(Event.objects.filter(pk=event("1")), "by hand", NOW)
    assert told() == [("event", event("1"), "hidden"), ("showing", at("1a"), "hidden")]
    hiding.hide(Event.objects.filter(pk=event("1")), "by hand", NOW)
    assert told() == []
    hiding.show(Event.objects.filter(pk=event("1")), NOW)
    assert told() == [("event", event("1"), "restored"), ("showing", at("1a"), "restored")]


def test_a_hidden_part_is_told_of_what_shows_it(told: Told) -> None:
    venue, film, festival = factories.make_venue(), factories.make_film(), factories.make_festival()
    shown = factories.make_event(film=film, festival=festival)
    category: Category = factories.make_category()
    shown.categories.add(category)
    there = factories.make_showing(shown, venue=venue)
    also_there = factories.make_showing(shown)
    also_there.further_venues.add(venue)
    Selection.objects.create(**factories._listing({"film": film, "festival": festival}))
    showings = [("showing", there.pk, "updated"), ("showing", also_there.pk, "updated")]
    for row, expected in (
        (venue, showings),
        (film, [("event", shown.pk, "updated"), *showings]),
        (festival, [("event", shown.pk, "updated"), ("film", film.pk, "updated")]),
        (category, [("event", shown.pk, "updated")]),
    ):
        kind = str(row._meta.model_name)
        rows = type(row)._default_manager.filter(pk=row.pk)
        hiding.hide(rows, "by hand", NOW)
        assert told() == [(kind, row.pk, "hidden"), *expected]
        hiding.show(rows, NOW)
        assert told() == [(kind, row.pk, "restored"), *expected]


def test_whoever_is_forgotten_is_told_with_what_named_them(told: Told) -> None:
    person, film = factories.make_person(provider="toy", external_id="p1"), factories.make_film()
    shown = factories.make_event(film=film)
    secret = factories.make_person(provider="toy", external_id="p2", public=False)
    factories.make_credit("Astrid Malm", CreditRole.CAST, film=film, person=person)
    with transaction.atomic():
        forgetting.forget("toy", [(Kind.PERSON, "p1"), (Kind.PERSON, "p2")], NOW)
    assert told() == [
        ("person", person.pk, "forgotten"),
        ("person", secret.pk, "forgotten"),
        ("event", shown.pk, "updated"),
        ("film", film.pk, "updated"),
    ]
    assert not Person.objects.exists()
    assert not Credit.objects.exists()


def test_who_is_no_longer_public_is_withdrawn_and_so_is_the_link_to_them(settings: Any, told: Told) -> None:
    toy = Toy([item(1)], mapper=with_a_person)
    toy.items[0]["public"] = False
    toy.ingest(settings)
    assert not [each for each in told() if each[0] == "person"]
    person = Person.objects.get().pk
    for public, action in ((True, "updated"), (False, "withdrawn")):
        toy.items[0]["public"] = public
        toy.ingest(settings, now=NOW + timedelta(hours=1 + public))
        assert told() == [("person", person, action), ("event", event("1"), "updated")]


def with_a_person(document: Any, config: Any) -> Sequence[Any]:
    """An item as records, with somebody who takes part in it."""
    public = json.loads(document.body)["public"]
    records = list(map_item(document, config))
    credit = CreditRecord(role=CreditRole.PERFORMER, name="Ada", person="p")
    events = [replace(each, credits=(credit,)) if each.kind is Kind.EVENT else each for each in records]
    return [PersonRecord(external_id="p", name="Ada", public=public), *events]


def test_nothing_is_told_of_what_is_rolled_back(settings: Any, told: Told) -> None:
    Toy([item(1)]).ingest(settings)
    told()
    with transaction.atomic():
        hiding.hide(Event.objects.all(), "by hand", NOW)
        transaction.set_rollback(True)
    assert told() == []


# Seats -----------------------------------------------------------------------------------------------------


def test_seats_are_told_at_once_then_every_quarter_of_an_hour_and_never_lost(
    settings: Any, told: Told
) -> None:
    toy = Toy([item(1), item(2)])
    toy.ingest(settings)
    told()

    def sell(minutes: int, free: int) -> None:
        toy.items[0]["showings"][0]["free"] = free
        toy.ingest(settings, now=NOW + timedelta(minutes=minutes))

    sell(10, 39)
    assert told() == [("showing", at("1a"), "seats")]
    for minute in (12, 14, 20):
        sell(minute, 40 - minute)
    assert told() == []
    assert seats.report_waiting(NOW + timedelta(minutes=24)) == 0
    assert seats.report_waiting(NOW + timedelta(minutes=25)) == 1
    assert told() == [("showing", at("1a"), "seats")]
    assert seats.report_waiting(NOW + timedelta(hours=2)) == 0
    sell(50, 1)
    assert told() == [("showing", at("1a"), "seats")]
    assert SeatsTold.objects.count() == 1


def test_the_seats_of_a_hidden_showing_are_nobodys_business(settings: Any, told: Told) -> None:
    toy = Toy([item(1)])
    toy.ingest(settings)
    hiding.hide(Showing.objects.all(), "by hand", NOW)
    told()
    toy.items[0]["showings"][0]["free"] = 0
    toy.ingest(settings, now=NOW + timedelta(minutes=10))
    assert told() == []
