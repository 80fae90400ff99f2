"""The simulated festival as the planner's tests need it: real HTTP, a clock that stands still, both sides of a plan."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from aggregator.http import HttpClient, Limits
from aggregator.models import Festival, Showing
from planner import linking, sync
from planner.models import Entry, Link
from planner.tokens import Tokens
from planner.upstream.calls import Calls
from planner.upstream.setting import Setting, configured
from planner.vocabulary import Side
from providers import registry
from providers.simulation import Running, running
from tests.factories import make_event, make_festival, make_film, make_showing, make_venue

#: The third day of an invented festival of three weeks.
NOW = datetime(2026, 11, 13, 15, 0, tzinfo=UTC)
#: Faults that leave us waiting are waited for no longer than this.
IMPATIENT = Limits(connect=1.0, read=1.0, total=2.5, max_bytes=2 * 1024 * 1024, attempts=1)
HOW_MANY = 12
_ITEM = re.compile(r'<li><form method="post">(.*?)<input type="hidden" name="event_id" value="(\d+)"')


@dataclass
class Elsewhere:
    """One user in the festival's own planner, by its web page."""

    base_url: str
    user: str
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.browser.trust_env = False
        self._post(username=self.user, password=self.user)

    def _post(self, **form: str) -> str:
        answer = self.browser.post(f"{self.base_url}/sff-site/myfestival/", data=form, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.text

    def add(self, event: str) -> None:
        self._post(event_id=event, action="add")

    def remove(self, event: str) -> None:
        self._post(event_id=event, action="remove")

    def ticket(self, event: str, have: bool = True) -> None:
        self._post(event_id=event, action="have" if have else "have_not")

    def put(self, event: str, side: Side) -> None:
        """Bring the plan there to say *side* of *event*."""
        if side is Side.ABSENT:
            self.remove(event)
        else:
            self.add(event)
            self.ticket(event, side is Side.TICKET)

    def approve(self, address: str) -> dict[str, str]:
        """Approve at an authorize page; what the festival sends back with the browser."""
        self.browser.post(address, data={"username": self.user, "password": self.user}, timeout=5)
        sent = self.browser.post(address, data={"answer": "allow"}, timeout=5, allow_redirects=False)
        return _query(sent.headers["Location"])

    def deny(self, address: str) -> dict[str, str]:
        """Refuse there."""
        self.browser.post(address, data={"username": self.user, "password": self.user}, timeout=5)
        sent = self.browser.post(address, data={"answer": "deny"}, timeout=5, allow_redirects=False)
        return _query(sent.headers["Location"])


@dataclass
class FakeFestival:
    """The simulation, and the listing's rows of its current festival."""

    simulation: Running
    events: Sequence[dict[str, Any]]
    key: str
    http: HttpClient
    #: Called before every request on the wire, for what happens elsewhere at that very moment.
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    _pages: dict[str, Elsewhere] = field(default_factory=dict)

    def requested(self) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def now(self) -> datetime:
        return self.simulation.now()

    def point(self, settings: Any) -> None:
        """Our settings point at the simulation."""
        settings.PROVIDERS = registry.configure(self.simulation.environment())

    @property
    def setting(self) -> Setting:
        setting = configured()
        assert setting is not None
        return setting

    @property
    def ids(self) -> list[str]:
        return [row["eventId"] for row in self.events]

    def list_showings(self) -> None:
        """Rows as ingest makes them, for some coming events; quicker than an ingest."""
        today = self.now().date()
        festival = make_festival(
            external_id=self.key, starts_on=today - timedelta(days=5), ends_on=today + timedelta(days=15)
        )
        venues: dict[str, Any] = {}
        for row in self.events:
            venue = venues.get(row["venueId"]) or make_venue(
                row["venueName"], external_id=row["venueId"], latitude=59.33, longitude=18.06
            )
            venues[row["venueId"]] = venue
            film = make_film(row["eventName_sv"])
            event = make_event(row["eventName_sv"], festival=festival, film=film)
            make_showing(
                event,
                external_id=row["eventId"],
                starts_at=datetime.fromtimestamp(int(row["eventTimestamp"]), UTC),
                venue=venue,
            )

    def showing(self, at: int = 0) -> Showing:
        return Showing.objects.get(provider="sff", external_id=self.ids[at])

    def elsewhere(self, user: str) -> Elsewhere:
        if user not in self._pages:
            self._pages[user] = Elsewhere(self.simulation.base_url, user)
        return self._pages[user]

    def link(self, person: Any, user: str = "guest") -> Link:
        """Link as a browser does."""
        session: dict[str, Any] = {}
        address = linking.begin(session, self.setting, person.pk, "en", self.now())
        answer = self.elsewhere(user).approve(address)
        return linking.complete(session, self.setting, self.http, person.pk, answer, self.now())

    def tokens(self, link: Link) -> Tokens:
        return Tokens(link.pk, self.setting, self.http, self.now)

    def calls(self) -> Calls:
        return Calls(self.setting, self.http)

    def sync(self, link: Link) -> bool:
        """One turn of the worker, at the simulation's time."""
        again = sync.run(link.pk, self.now, self.http)
        assert not Link.objects.filter(pk=link.pk, reason=sync.UNEXPECTED).exists(), "see the log"
        return again

    def settle(self, link: Link, turns: int = 12) -> None:
        """Let time pass and the worker work until nothing is left to do, with no faults."""
        self.simulation.clear()
        for _ in range(turns):
            row = Link.objects.get(pk=link.pk)
            due = max((row.next_sync_at - self.now()).total_seconds(), 0) + 1
            waits = min(due, 8 * 3600) if sync.has_waiting(row.user_id) or row.sync_failures else 901
            self.simulation.advance(waits)
            Link.objects.filter(pk=link.pk, next_sync_at__gt=self.now()).update(next_sync_at=self.now())
            self.sync(link)
            row.refresh_from_db()
            if not row.sync_failures and not sync.has_waiting(row.user_id) and row.next_sync_at > self.now():
                return

    def there(self, user: str = "guest") -> dict[str, Side]:
        """What the festival's plan says, asked of the simulator itself."""
        text = self.elsewhere(user)._post()
        found = re.findall(
            r"<li><form method=\"post\">(.*?)<input type=\"hidden\" name=\"event_id\" value=\"(\d+)\"", text
        )
        return {event: Side.TICKET if "(ticket)" in words else Side.PLAIN for words, event in found}

    def refreshes(self) -> int:
        """How many requests the token endpoint has had."""
        return sum("oauth/token" in served.path for served in self.simulation.requests)


def here(user: int) -> dict[str, Side]:
    """What our plan says, by event id."""
    return {row.external_id: row.local for row in Entry.objects.filter(user=user, removed_at=None)}


@contextmanager
def festival_running(
    count: int = HOW_MANY, now: datetime | None = NOW, **options: Any
) -> Iterator[FakeFestival]:
    """The festival with *count* of its coming events to play with; at the real time for no *now*."""
    with (
        running(["sff"], now=now, scale=120, **options) as simulation,
        HttpClient(
            allowed_origins=(simulation.base_url,),
            limits=IMPATIENT,
            on_request=lambda: made.requested(),
            clock=simulation.now,
        ) as http,
    ):
        key, rows = _programme(simulation)
        coming = [row for row in rows if int(row["eventTimestamp"]) > simulation.now().timestamp() + 3600]
        made = FakeFestival(simulation, coming[:count], key, http)
        yield made


def _programme(simulation: Running) -> tuple[str, list[dict[str, Any]]]:
    festivals = _json(simulation, "festivals/list")
    key = next(row["festivalId"] for row in festivals if row["festivalIsCurrent"] == "1")
    return key, _json(simulation, f"events/festival_list/festival_id/{key}")


def _json(simulation: Running, path: str) -> list[dict[str, Any]]:
    api_key = simulation.environment()["PROVIDER_SFF_API_KEY"]
    address = f"{simulation.base_url}/sff/v1/{path}/format/json/API-Key/{api_key}"
    with urllib.request.urlopen(address, timeout=10) as answer:
        return list(json.load(answer))


def _query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def festivals() -> list[str]:
    return list(Festival.objects.values_list("external_id", flat=True))
