"""What the planner adds to a person's data, and what happens when they leave."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from icalendar import Calendar

from aggregator.accounts import personal
from aggregator.api import keys
from planner import access, notices, plan, tickets
from planner.models import Card, Entry, Link, Ticket
from planner.personal import export
from planner.vocabulary import NoticeKind, TicketMark
from tests.factories import make_event, make_showing
from tests.planner.festival import FakeFestival

pytestmark = pytest.mark.django_db


def test_the_plan_is_taken_along_without_secrets(festival: FakeFestival, person: Any, link: Link) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    tickets.type_in(person.pk, "0004711001", festival.now())
    festival.settle(link)
    text = json.dumps(personal.export(person), cls=DjangoJSONEncoder)
    ours = json.loads(text)["planner"]
    assert [row["external_id"] for row in ours["plan"]] == festival.ids[:1]
    assert ours["tickets"]
    assert "0004711001" not in text
    assert festival.tokens(link).access() not in text
    calendar = personal.calendar(person).decode()
    assert calendar.count("BEGIN:VEVENT") == 1


def test_all_that_is_about_the_person_is_taken_along(
    festival: FakeFestival, person: Any, link: Link, django_assert_max_num_queries: Any
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
    festival.settle(link)
    festival.elsewhere("guest").remove(entry.external_id)
    festival.settle(link)
    plan.add(person.pk, festival.showing(1).pk, festival.now())
    facts = {"titles": {"sv": "Nattlinjen"}, "venue": "Skandia"}
    notices.post(person.pk, "c", NoticeKind.MOVED, facts, festival.now())
    access.grant(keys.make(person, "my reader", festival.now()).key.pk, [access.READ])
    with django_assert_max_num_queries(12):
        ours = json.loads(json.dumps(export(person), cls=DjangoJSONEncoder))
    asked, waiting = sorted(ours["plan"], key=lambda row: row["question"] is None)
    assert asked["question"]["there"] == "absent"
    assert [call["step"] for call in waiting["waiting"]] == ["add"]
    assert [row["facts"] for row in ours["notices"]] == [facts]
    assert all(row["registered_at"] and row["begins_at"] for row in ours["cards"])
    assert [(row["key__name"], row["scopes"]) for row in ours["keys"]] == [("my reader", ["plan:read"])]


def test_what_has_days_and_no_time_is_in_the_calendar(person: Any) -> None:
    begins = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # midnight in Stockholm
    for precision, days in [("date", None), ("all_day", 1), ("run", 30)]:
        ends = begins + timedelta(days=days) if days else None
        showing = make_showing(make_event(precision), starts_at=begins, ends_at=ends, precision=precision)
        plan.add(person.pk, showing.pk, begins)
    events = {str(one["summary"]): one for one in Calendar.from_ical(personal.calendar(person)).events}
    day = date(2026, 11, 21)
    assert {name: (one.start, one.end) for name, one in events.items()} == {
        "date": (day, day + timedelta(days=1)),
        "all_day": (day, day + timedelta(days=1)),
        "run": (day, day + timedelta(days=30)),
    }


def test_leaving_spends_the_tokens_and_leaves_nothing(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    festival.settle(link)
    asked = festival.refreshes()
    personal.destroy(person)
    assert festival.refreshes() == asked + 1
    for model in (Entry, Link, Card, Ticket):
        assert not model.objects.exists()


def test_a_festival_that_fails_keeps_nobody(festival: FakeFestival, person: Any, link: Link) -> None:
    festival.simulation.fault("sff", "500")
    personal.destroy(person)
    assert not Link.objects.exists()
