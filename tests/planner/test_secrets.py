"""After a full run no token, secret, card number or password stands anywhere that it does not have to."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from aggregator.http import redact_url
from planner import linking, plan, tickets, vault
from planner.models import Card, Link
from planner.vocabulary import LinkState, TicketMark
from tests.planner.festival import FakeFestival
from tests.providers.upstreams import talkative

pytestmark = pytest.mark.django_db
CARD = "0004711001"


def _dump() -> str:
    """Every row of every table as text."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(parts)


def _files(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def test_nothing_secret_is_found_anywhere(
    festival: FakeFestival, person: Any, client: Client, settings: Any
) -> None:
    settings.DEBUG = True
    setting, secrets = festival.setting, set[str]()
    client.force_login(person)
    said: list[str] = []
    with talkative() as lines:
        link = festival.link(person, "demo")
        for at in range(3):
            entry = plan.add(person.pk, festival.showing(at).pk, festival.now())
            plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
        client.post("/planner/cards/", {"number": CARD})
        for fault in (None, "token_dead", "500", "truncated_json", "reset", "plan_error", "html_200", "401"):
            row = Link.objects.get()
            secrets |= {vault.unseal(row.access_token), vault.unseal(row.refresh_token)}
            if fault:
                festival.simulation.fault("sff", fault, times=1)
            festival.simulation.advance(7300)
            Link.objects.update(next_sync_at=festival.now(), tickets_at=None, refresh_retry_at=None)
            festival.sync(link)
            festival.simulation.clear()
            if Link.objects.get().state == LinkState.RELINK:
                festival.link(person, "demo")
            for path in (
                "planner/",
                "planner/cards/",
                "planner/link/",
                "api/v1/me/",
                "accounts/data/marquee.json",
            ):
                said.append(client.get(f"/{path}").content.decode())
            for path in ("plan", "tickets", "cards", "link", "export"):
                said.append(client.get(f"/api/v1/me/{path}/").content.decode())
        dump = _dump()
        linking.unlink(person.pk, setting, festival.http, festival.now())
    secrets |= {setting.api_password, setting.api_key, CARD, "0004711002"}
    assert len(secrets) > 10
    places = {
        "logs": "\n".join(lines),
        "database": dump,
        "answers": "\n".join(said),
        "broker": _files(Path(str(django_settings.BROKER_DIR))),
        "cache": _files(Path(str(django_settings.CACHE_DIR))),
    }
    assert "myfestival" in places["logs"]
    for name, text in places.items():
        for secret in secrets:
            assert secret not in text, name


def _breaks(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("in the middle of a call")


@pytest.mark.parametrize("accept", ["text/html, application/json", "text/plain, application/json"])
def test_an_error_page_tells_no_secret_even_with_debug(
    festival: FakeFestival, person: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    settings.DEBUG = True
    client = Client(raise_request_exception=False, headers={"accept": accept})
    client.force_login(person)
    link = festival.link(person)
    secrets = {festival.setting.api_password, festival.setting.api_key, CARD, "c0de-of-two-minutes"}
    secrets |= {vault.unseal(link.access_token), vault.unseal(link.refresh_token)}
    client.post("/planner/link/begin/")
    state = client.session[linking.STATES][0]["state"]
    monkeypatch.setattr("aggregator.http.HttpClient.post", _breaks)
    monkeypatch.setattr("planner.tickets.digest", _breaks)
    answers = [
        client.get("/planner/link/return/", {"state": state, "code": "c0de-of-two-minutes"}),
        client.post("/planner/link/unlink/"),
        client.post("/planner/cards/", {"number": CARD}),
        client.post("/api/v1/me/cards/", {"number": CARD}, content_type="application/json"),
    ]
    for answer in answers:
        text = answer.content.decode()
        assert answer.status_code == 500
        assert "in the middle of a call" in text
        assert "ZeroDivisionError" in text
        assert not [secret for secret in (*secrets, state) if secret in text]


@pytest.mark.parametrize(
    "path",
    [
        "tickets/card/card_number/0004711001/token/SeCrEtToKeN/format/json/",
        "myfestival/list/festival_id/30/token/SeCrEtToKeN/format/json/",
        "tickets/card/token/SeCrEtToKeN/card_number/0004711001",
    ],
)
def test_addresses_hide_tokens_and_card_numbers(path: str) -> None:
    hidden = redact_url(f"https://api.example/v1/{path}")
    assert "SeCrEtToKeN" not in hidden
    assert "0004711001" not in hidden


def test_a_netrc_and_proxies_change_nothing(
    festival: FakeFestival, person: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("default login thief password stolen\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    for name in ("NO_PROXY", "no_proxy"):
        os.environ.pop(name, None)
    link = festival.link(person)
    tickets.type_in(person.pk, CARD, timezone.now())
    festival.settle(link)
    assert Card.objects.get(own=False).read_at is not None
    assert not any("authorization" in served.headers for served in festival.simulation.requests)
