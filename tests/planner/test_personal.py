"""What the planner adds to a person's data, and what happens when they leave."""

import json
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from aggregator.accounts import personal
from planner import plan, tickets
from planner.models import Card, Entry, Link, Ticket
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
