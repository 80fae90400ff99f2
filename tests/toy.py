"""A provider made of a Python list, for tests of the pipeline: a value like any other, without the network.

``Toy.items`` is what "upstream" holds. One document an item; an item may list several showings. Faults are raised
where a test puts them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from aggregator.ingest import schedule
from aggregator.models import IngestRun
from aggregator.provider import (
    Batch,
    Configured,
    Document,
    Provider,
    ProviderConfig,
    Refusal,
    Schedule,
    Unmappable,
    Visit,
)
from aggregator.records import (
    Credit,
    EventRecord,
    Image,
    Offer,
    OrganisationRecord,
    Record,
    ShowingRecord,
    VenueRecord,
)
from aggregator.vocabulary import Availability, CreditRole, ImageRole, Mode

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class ToyConfig(ProviderConfig):
    """One key and one address."""

    secrets: ClassVar[tuple[str, ...]] = ("api_key",)
    credentials: ClassVar[tuple[str, ...]] = ("api_key",)
    base_url: str = "http://toy.example/v1/"
    api_key: str = ""

    def origins(self) -> tuple[str, ...]:
        return (self.base_url,)

    def binding(self) -> str:
        return self.api_key


def item(number: int, **changes: Any) -> dict[str, Any]:
    """One upstream item with one showing, *number* days ahead."""
    made: dict[str, Any] = {
        "id": str(number),
        "title": f"Kväll {number}",
        "venue": {"id": "v1", "name": "Södra Ladan"},
        "showings": [{"id": f"{number}a", "at": (NOW + timedelta(days=number)).isoformat(), "free": 40}],
    }
    return made | changes


def showing(key: str, days: float = 1.0, **changes: Any) -> dict[str, Any]:
    """One showing of an item."""
    return {"id": key, "at": (NOW + timedelta(days=days)).isoformat(), "free": 40} | changes


def map_item(document: Document, config: Any) -> Sequence[Record]:
    """An item as records; ``broken`` and wrong types are refused."""
    content = json.loads(document.body)
    if content.get("broken"):
        raise Unmappable("wrong_type", "title", "the title is no text")
    key, venue = content["id"], content["venue"]
    author = f"5:{10**6 - int(key):07d}"
    records: list[Record] = [
        VenueRecord(external_id=venue["id"], name=venue["name"], authority=author),
        OrganisationRecord(external_id="o1", name="Ladans vänner", authority=author),
        EventRecord(
            external_id=key,
            titles={"sv": content["title"]},
            organisation="o1",
            descriptions={"sv": content.get("text", "")},
            credits=tuple(
                Credit(role=CreditRole.PERFORMER, name=name) for name in content.get("names", ["Ada", "Bo"])
            ),
            images=(Image(url=f"http://toy.example/{key}.jpg", role=ImageRole.STILL),),
            offers=(Offer(price=None, url="http://toy.example/buy"),),
        ),
    ]
    records += [
        ShowingRecord(
            external_id=each["id"],
            event=key,
            starts_at=datetime.fromisoformat(each["at"]),
            zone="Europe/Stockholm",
            venues=(venue["id"],),
            seats_free=each["free"],
            availability=Availability.AVAILABLE if each["free"] else Availability.SOLDOUT,
        )
        for each in content["showings"]
    ]
    return records


@dataclass
class Toy:
    """Upstream: its items, and what goes wrong. *after* raises *fault* once so many items were handed out."""

    items: list[dict[str, Any]] = field(default_factory=list)
    fault: Exception | None = None
    after: int = 0
    unreadable: int = 0
    batch: int = 10
    visits: list[Visit] = field(default_factory=list)
    cursors: list[str | None] = field(default_factory=list)
    config: ToyConfig = field(default_factory=lambda: ToyConfig(api_key="toy-key"))
    version: int = 1
    never_store: tuple[str, ...] = ()
    mapper: Any = map_item

    def fetch(self, visit: Visit) -> Iterator[Batch]:
        """All items in batches; the last one completes the one scope there is."""
        self.visits.append(visit)
        self.cursors.append(visit.cursor("items"))
        for start in range(0, len(self.items), self.batch):
            if self.fault is not None and start >= self.after:
                raise self.fault
            part = self.items[start : start + self.batch]
            yield Batch(
                documents=[Document("item", i["id"], json.dumps(i).encode(), scope="all") for i in part],
                position={"next": start + self.batch},
                expected=len(self.items),
            )
        if self.fault is not None:
            raise self.fault
        refused = [
            Refusal("item", None, "unreadable_id", body=str(n).encode(), scope="all")
            for n in range(self.unreadable)
        ]
        yield Batch(refused=refused, complete=(("item", "all"),), cursors={"items": str(len(self.items))})

    def provider(self) -> Provider:
        """The value that the pipeline works with."""
        return Provider(
            slug="toy",
            name="Toy",
            homepage="http://toy.example/",
            attribution="Toy",
            config=ToyConfig,
            schedules=(
                Schedule(Mode.AVAILABILITY, timedelta(minutes=15)),
                Schedule(Mode.CHANGES, timedelta(hours=1)),
                Schedule(Mode.FULL, timedelta(days=1)),
            ),
            fetch=self.fetch,
            map=self.mapper,
            mapping_version=self.version,
            never_store=self.never_store,
        )

    def configured(self) -> Configured:
        """The provider with its settings."""
        return Configured(self.provider(), self.config)

    def ingest(
        self,
        settings: Any,
        *,
        mode: Mode = Mode.FULL,
        full: bool = False,
        force: bool = False,
        now: datetime = NOW,
        budget: float | None = None,
    ) -> IngestRun:
        """One run from beginning to end (or to the end of *budget*), as the command does it."""
        settings.PROVIDERS = {"toy": self.configured()}
        run = schedule.request("toy", mode, now, full=full, force=force)
        done = schedule.work("toy", only=run.pk, clock=lambda: now, budget=budget)
        assert done is not None
        return done
