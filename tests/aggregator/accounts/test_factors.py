"""Second factors, another address, and a plan that was made before there was an account."""

import html
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client

from planner.models import Entry
from tests.factories import make_event, make_showing

pytestmark = pytest.mark.django_db
PASSWORD = "en lång mening om vinter"


@pytest.fixture(name="vera")
def _vera(client: Client) -> Client:
    """Somebody with a confirmed address, signed in with the password."""
    user = User.objects.create_user("vera", "vera@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert _is_in(client)
    return client


def _is_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def _signing_in(email: str = "vera@example.org") -> Client:
    """Another browser that gave the password."""
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, html.unescape(text), re.MULTILINE)
    assert found is not None, pattern
    return found[1]


def _mailed_code() -> str:
    return _found(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.outbox[-1].body))


@pytest.fixture(name="secret")
def _secret(vera: Client) -> str:
    """What her authenticator app was given."""
    vera.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = vera.get("/accounts/2fa/totp/activate/").content.decode()
    secret = _found(r'id="authenticator_secret"[^>]*value="([A-Z2-7]{32})"', page)
    assert vera.post("/accounts/2fa/totp/activate/", {"code": _app(secret)}).status_code == 302
    cache.clear()  # a code is good once, and the next one would come in half a minute
    return secret


def _app(secret: str) -> str:
    """What the app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(totp.time.time()) // 30))


def test_with_an_app_the_password_alone_opens_nothing(secret: str) -> None:
    other = _signing_in()
    assert not _is_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": "000000" if _app(secret) != "000000" else "111111"})
    assert not _is_in(other)
    cache.clear()
    other.post("/accounts/2fa/authenticate/", {"code": _app(secret)})
    assert _is_in(other)


def test_a_recovery_code_is_good_once(vera: Client, secret: str) -> None:
    page = vera.get("/accounts/2fa/recovery-codes/").content.decode()
    code = _found(r"\b([0-9]{8})\b", _found(r"<textarea[^>]*>([^<]+)", page))
    for opens in (True, False):
        cache.clear()
        other = _signing_in()
        other.post("/accounts/2fa/authenticate/", {"code": code})
        assert _is_in(other) is opens


def test_a_new_address_is_confirmed_by_its_code_and_takes_the_place_of_the_old(vera: Client) -> None:
    vera.post("/accounts/email/", {"email": "neu@example.org", "action_add": ""})
    assert mail.outbox[-1].to == ["neu@example.org"]
    assert not _is_in(_signing_in("neu@example.org")), "not before it is confirmed"
    vera.post("/accounts/confirm-email/", {"code": _mailed_code()})
    cache.clear()
    assert _is_in(_signing_in("neu@example.org"))
    assert not _is_in(_signing_in("vera@example.org"))
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("neu@example.org", True, True)
    ]
    assert "vera@example.org" in {to for letter in mail.outbox for to in letter.to}, "the old one is told"


@pytest.mark.parametrize(("host", "told"), [("127.0.0.1", True), ("[::1]", True), ("localhost", False)])
def test_at_an_address_in_numbers_the_page_says_that_there_are_no_passkeys(
    client: Client, settings: Any, host: str, told: bool
) -> None:
    settings.ALLOWED_HOSTS = [host]
    page = client.get("/accounts/login/", HTTP_HOST=f"{host}:8000").content.decode()
    assert ("open the site at localhost instead" in page) is told


def test_a_plan_without_an_account_is_kept_at_sign_up(client: Client) -> None:
    kept, other = make_showing(make_event("Nattlinjen")), make_showing(make_event("Malin"))
    for showing in (kept, other):
        client.post("/planner/add/", {"showing": showing.pk})
    client.post(f"/planner/entries/{kept.pk}/", {"do": "intent", "value": "must"})
    client.post(f"/planner/entries/{kept.pk}/", {"do": "ticket", "value": "held"})
    client.post("/accounts/signup/", {"email": "neu@example.org", "password1": PASSWORD})
    assert not Entry.objects.exists(), "nobody has confirmed anything yet"
    client.post("/accounts/confirm-email/", {"code": _mailed_code()})
    assert "Nattlinjen" in client.get("/planner/", {"day": kept.local_start_date}).content.decode()
    rows = Entry.objects.values_list("user__email", "showing", "intent", "ticket").order_by("showing")
    assert list(rows) == [
        ("neu@example.org", kept.pk, "must", "held"),
        ("neu@example.org", other.pk, "want", "none"),
    ]
    assert "plan" not in client.session
