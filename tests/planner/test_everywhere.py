""" "Add to plan" stands on every showing that a page shows and that is still to come."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from aggregator.models import Showing
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


class Reader(HTMLParser):
    """Collects the list items with a time or a link to an event in them, and which of them have a control."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: list[str | None] = []
        self.open: list[dict[str, Any]] = []
        self.showings: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag in ("ul", "ol"):
            self.lists.append(have.get("class"))
        if tag == "li":
            self.open.append({"shown": False, "control": "", "words": ""})
        if not self.open or self.lists[-1] == "works":  # what somebody made is no showing
            return
        item = self.open[-1]
        leads = tag == "a" and re.match(r"/events/[0-9]", have.get("href", ""))
        item["shown"] |= bool(leads) or (tag == "time" and "datetime" in have)
        if tag == "button" and (have.get("name"), have.get("form")) == ("showing", "plan"):
            item["control"] = have["value"]
            assert have["aria-label"]

    def handle_data(self, data: str) -> None:
        for item in self.open:
            item["words"] += data.strip() + " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self.lists.pop()
        if tag == "li":
            item = self.open.pop()
            if item["shown"]:
                self.showings.append(item)


@pytest.fixture(name="world")
def _world(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A festival, a film, a venue, a person and an organiser with showings today, tomorrow, with no time, and a run."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    factories.make_source()
    festival, venue = (
        factories.make_festival("Filmfesten"),
        factories.make_venue("Skandia", latitude=59.33, longitude=18.06),
    )
    organisation = factories.make_organisation("Nalen")
    film, person = factories.make_film("Nattlinjen"), factories.make_person("Aino Kallas")
    factories.make_credit("Aino Kallas", "director", film=film, person=person)
    event = factories.make_event("Nattlinjen", film=film, festival=festival, organisation=organisation)
    factories.make_credit("Aino Kallas", "director", event=event, person=person)
    for hours, more in ((1, {}), (4, {}), (26, {}), (50, {"precision": "date"}), (3, {"precision": "date"})):
        factories.make_showing(event, venue=venue, starts_at=NOW + timedelta(hours=hours), **more)
    run = factories.make_event("Utställning", organisation=organisation)
    begun = {"starts_at": NOW - timedelta(days=3), "ends_at": NOW + timedelta(days=30)}
    factories.make_showing(run, venue=venue, precision="run", **begun)
    return {
        "festival": festival,
        "film": film,
        "person": person,
        "venue": venue,
        "organisation": organisation,
        "event": event,
    }


ADDRESSES = {
    "home": "/",
    "list": "/events/",
    "grid": "/events/?view=grid",
    "month": "/events/?view=month",
    "ongoing": "/events/?when=ongoing",
    "festival": "/festivals/{festival}-x/",
    "festival_grid": "/festivals/{festival}-x/?view=grid",
    "event": "/events/{event}-x/",
    "film": "/films/{film}-x/",
    "venue": "/venues/{venue}-x/",
    "person": "/people/{person}-x/",
    "organisation": "/organisations/{organisation}-x/",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_showing_can_be_planned_where_it_stands(
    client: Client, world: dict[str, Any], name: str
) -> None:
    path = ADDRESSES[name].format(**{kind: row.pk for kind, row in world.items()})
    reader = Reader()
    answer = client.get(path, follow=True)
    reader.feed(answer.content.decode())
    assert reader.showings, path
    assert [item["words"] for item in reader.showings if not item["control"]] == []
    known = {str(pk) for pk in Showing.objects.values_list("pk", flat=True)}
    assert {item["control"] for item in reader.showings} <= known
