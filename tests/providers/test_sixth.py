"""One more provider is one more folder: written here, found, configured, ingested, shown, and no other edit."""

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from threading import Thread
from typing import Any

import pytest
from django.test import Client

import providers
from aggregator.models import Event, Showing, Source
from aggregator.provider import ConfigurationError
from providers import registry
from tests.providers.upstreams import command, listing_writes, secrets_of

pytestmark = pytest.mark.django_db

SLUG = "lyktan"
KEY = "key-of-the-lantern-1234"

PACKAGE = {
    "__init__.py": '''
        """Lyktan, a small house that publishes one list."""

        from datetime import timedelta
        from typing import ClassVar

        from pydantic import field_validator

        from aggregator.provider import Provider, ProviderConfig, Schedule, clean_base_url
        from aggregator.vocabulary import Mode
        from providers.lyktan import client, mapping


        class Config(ProviderConfig):
            secrets: ClassVar[tuple[str, ...]] = ("api_key",)
            credentials: ClassVar[tuple[str, ...]] = ("api_key",)
            base_url: str = "https://lyktan.example/api/"
            api_key: str = ""

            @field_validator("base_url")
            @classmethod
            def _over_https(cls, value: str) -> str:
                return clean_base_url(value)

            def origins(self) -> tuple[str, ...]:
                return (self.base_url,)

            def binding(self) -> str:
                return self.api_key


        PROVIDER = Provider(
            slug="lyktan",
            name="Lyktan",
            homepage="https://lyktan.example/",
            attribution="Från Lyktan",
            config=Config,
            schedules=(Schedule(Mode.FULL, timedelta(hours=6)),),
            fetch=client.fetch,
            map=mapping.to_records,
        )
    ''',
    "client.py": '''
        """Reading the one list."""

        import json
        from collections.abc import Iterator

        from aggregator.provider import Batch, Document, Visit
        from aggregator.readers import json_items


        def fetch(visit: Visit) -> Iterator[Batch]:
            with visit.http.get(visit.config.base_url + "evenings", headers={"X-Key": visit.config.api_key}) as answer:
                items = list(json_items(answer.body))
            documents = [
                Document("evening", str(item["id"]), json.dumps(item).encode(), scope="all") for item in items
            ]
            yield Batch(documents=documents, complete=(("evening", "all"),), expected=len(items))
    ''',
    "mapping.py": '''
        """One evening: a venue, an event, a showing."""

        import json
        from collections.abc import Sequence
        from datetime import datetime

        from aggregator.provider import Document
        from aggregator.records import EventRecord, Record, ShowingRecord, VenueRecord


        def to_records(document: Document, config: object) -> Sequence[Record]:
            item = json.loads(document.body)
            return [
                VenueRecord(external_id="house", name="Lyktans salong", city="Umeå", country="SE"),
                EventRecord(external_id=document.key, titles={"sv": item["title"]}),
                ShowingRecord(
                    external_id=document.key,
                    event=document.key,
                    starts_at=datetime.fromisoformat(item["at"]),
                    zone="Europe/Stockholm",
                    venues=("house",),
                ),
            ]
    ''',
}


class House(BaseHTTPRequestHandler):
    """Upstream: three evenings to come, for whoever knows the key."""

    def do_GET(self) -> None:
        known = self.headers.get("X-Key") == KEY
        first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
        evenings = [
            {"id": number, "title": f"Lyktkväll {number}", "at": (first + timedelta(days=number)).isoformat()}
            for number in range(3)
        ]
        body = json.dumps(evenings if known else {"error": "no"}).encode()
        self.send_response(200 if known and self.path == "/api/evenings" else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def house() -> Iterator[str]:
    """The upstream's base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), House)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/api/"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def environ(tmp_path: Path, house: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The new folder beside the others, and the two variables that an operator would set."""
    folder = tmp_path / SLUG
    folder.mkdir()
    for name, text in PACKAGE.items():
        (folder / name).write_text(dedent(text).lstrip(), encoding="utf-8")
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield {"PROVIDER_LYKTAN_BASE_URL": house, "PROVIDER_LYKTAN_API_KEY": KEY}
    for name in [name for name in sys.modules if name.startswith(f"providers.{SLUG}")]:
        del sys.modules[name]
    if hasattr(providers, SLUG):
        delattr(providers, SLUG)


def test_it_is_found_beside_the_others(environ: dict[str, str]) -> None:
    assert SLUG in registry.discover()
    assert len(registry.discover()) > 1


def test_without_credentials_the_sources_page_says_so(environ: dict[str, str], settings: Any) -> None:
    settings.PROVIDERS = registry.configure({})
    page = Client().get("/sources/").content.decode()
    assert "Lyktan" in page
    assert "PROVIDER_LYKTAN_API_KEY" in page


def test_its_settings_are_read_and_refused_like_those_of_the_others(environ: dict[str, str]) -> None:
    assert secrets_of(registry.configure(environ)[SLUG]) == (KEY,)
    with pytest.raises(ConfigurationError, match=r"^PROVIDER_LYKTAN_BASE_URL: "):
        registry.configure({**environ, "PROVIDER_LYKTAN_BASE_URL": "lyktan"})
    with pytest.raises(ConfigurationError, match=r"^PROVIDER_LYKTAN_PASSWORD: .*API_KEY"):
        registry.configure({**environ, "PROVIDER_LYKTAN_PASSWORD": "x"})


def test_it_is_ingested_and_shown(environ: dict[str, str], settings: Any) -> None:
    settings.PROVIDERS = registry.configure(environ)
    said = command("ingest", SLUG)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{SLUG}: healthy, 3 fetched, 7 created")
    assert Source.objects.get(slug=SLUG).state == "idle"

    programme = Client().get("/events/").content.decode()
    assert all(f"Lyktkväll {number}" in programme for number in range(3))
    assert "Lyktans salong" in programme

    event = Event.objects.get(titles__sv="Lyktkväll 1")
    page = Client().get(f"/events/{event.pk}-lyktkvall-1/")
    assert page.status_code == 200
    assert "Lyktans salong" in page.content.decode()

    sources = Client().get("/sources/").content.decode()
    assert "Lyktan" in sources
    assert "Up to date" in sources

    answer = Client().get(f"/api/v1/showings/?provider={SLUG}").json()
    assert answer["count"] == 3
    assert {row["id"] for row in answer["results"]} == set(Showing.objects.values_list("id", flat=True))
    assert Client().get(f"/api/v1/events/?provider={SLUG}").json()["count"] == 3
    assert Client().get("/api/v1/showings/?provider=nobody").status_code == 400


def test_a_second_ingest_writes_no_listing_row_and_remap_asks_nobody(
    environ: dict[str, str], settings: Any
) -> None:
    settings.PROVIDERS = registry.configure(environ)
    command("ingest", SLUG)
    with listing_writes() as written:
        assert command("ingest", SLUG).code == 0
    assert written == []
    settings.PROVIDERS = registry.configure({**environ, "PROVIDER_LYKTAN_BASE_URL": "http://127.0.0.1:9/"})
    assert command("ingest", SLUG, "--remap").code == 0


def test_a_wrong_key_stops_it_alone(environ: dict[str, str], settings: Any) -> None:
    settings.PROVIDERS = registry.configure({**environ, "PROVIDER_LYKTAN_API_KEY": "another-key-entirely"})
    said = command("ingest", SLUG)
    assert said.code == 1
    assert "unauthorised" in said.out
    assert "another-key-entirely" not in said.out + said.err
    assert Source.objects.get(slug=SLUG).state == "needs_attention"
