"""After a full run no token, secret, card number or password stands anywhere that it does not have to."""

import html
import os
import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from aggregator.http import redact_url
from planner import linking, plan, tickets, vault
from planner.models import Card, Link
from planner.upstream.setting import configured
from planner.vocabulary import LinkState, TicketMark
from tests.planner.festival import FakeFestival
from tests.providers.upstreams import talkative

pytestmark = pytest.mark.django_db
CARD = "0004711001"
PASSWORD = "en lång mening om vinter"
BROKER_PASSWORD = "BrOkErPaSs"


def _dump() -> str:
    """Every row of every table as text."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(parts)


def _sessions() -> str:
    """What sessions hold: in the dump of their table it is encoded."""
    return "\n".join(repr(session.get_decoded()) for session in Session.objects.all())


def _files(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def _account_secrets(client: Client, person: Any) -> set[str]:
    """What is shown once on the pages of an account: an app's secret, recovery codes, keys."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = _found(r'id="authenticator_secret"[^>]*value="([A-Z2-7]{32})"', page)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = set(re.findall(r"\b[0-9]{8}\b", _found(r"<textarea[^>]*>([^<]+)", shown)))
    key = client.post("/accounts/keys/", {"do": "make", "name": "mirror"}).content.decode()
    hook = client.post("/accounts/webhooks/", {"url": "https://hooks.example.org/x"}).content.decode()
    assert len(codes) == 10
    return {
        *(PASSWORD, secret, *codes, _found(r"(mq_[A-Za-z0-9_-]{43})", key)),
        html.unescape(_found(r"(whsec_[A-Za-z0-9+/=]+)", html.unescape(hook))),
    }


def _linked_by_pages(festival: FakeFestival, client: Client) -> set[str]:
    """Link as a browser does; the code and the state that went with it."""
    festival.simulation.stage.clock.set(timezone.now())
    page = client.post("/planner/link/begin/").content.decode()
    address = html.unescape(_found(r'class="button" href="([^"]+)"', page))
    answer = festival.elsewhere("demo").approve(address)
    assert client.get("/planner/link/return/", answer)["Location"] == "/planner/"
    return {answer["code"], answer["state"]}


def _error_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page with which DEBUG shows an error, made where tokens and a card's number stand in local variables."""

    def fail(user: int, number: str, now: Any) -> None:
        held = Link.objects.get()
        tokens = [vault.unseal(held.access_token), vault.unseal(held.refresh_token), configured()]
        raise RuntimeError(f"{len(tokens)} tokens at hand")

    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("planner.tickets.type_in", fail)
        patched.setattr(django_settings, "CELERY_BROKER_URL", f"redis://:{BROKER_PASSWORD}@127.0.0.1/0")
        answer = client.post("/planner/cards/", {"number": CARD, "password": PASSWORD})
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "3 tokens at hand" in page
    return html.unescape(page)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[1]


def test_nothing_secret_is_found_anywhere(
    festival: FakeFestival, person: Any, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    setting, secrets = festival.setting, set[str]()
    client.force_login(person)
    said: list[str] = []
    with talkative() as lines:
        secrets |= _account_secrets(client, person)
        secrets |= _linked_by_pages(festival, client)
        link = Link.objects.get()
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
        said.append(_error_page(client, monkeypatch))
        dump = _dump()
        linking.unlink(person.pk, setting, festival.http, festival.now())
    secrets |= {setting.api_password, setting.api_key, CARD, "0004711002", BROKER_PASSWORD}
    assert len(secrets) > 20
    places = {
        "logs": "\n".join(lines),
        "database": dump,
        "sessions": _sessions(),
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
