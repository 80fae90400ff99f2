"""The journey of an account, over real pages; mail is read where Django's test backend keeps it."""

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar, Event

from aggregator.accounts import personal
from aggregator.accounts.adapter import SecondFactorAdapter

pytestmark = pytest.mark.django_db
PASSWORD = "en lång mening om vinter"


@pytest.fixture
def visitor(client: Client) -> Client:
    """Somebody who signed up and confirmed the address."""
    answer = client.post("/accounts/signup/", {"email": "vera@example.org", "password1": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    _confirm(client)
    return client


def _code() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def _confirm(client: Client) -> None:
    client.post("/accounts/confirm-email/", {"code": _code()})


def test_signing_up_needs_the_code_from_the_mail(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"email": "vera@example.org", "password1": PASSWORD})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert client.get("/accounts/")["Location"].startswith("/accounts/login/")
    assert mail.outbox[-1].subject.startswith("[Marquee] ")
    assert "Hello from Marquee" in mail.outbox[-1].body
    _confirm(client)
    page = client.get("/accounts/")
    assert page.status_code == 200
    assert "vera@example.org" in page.content.decode()


def test_a_weak_password_is_refused_in_words_and_loses_nothing(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"email": "vera@example.org", "password1": "12345"})
    page = answer.content.decode()
    assert "form-error" in page
    assert 'value="vera@example.org"' in page
    assert not User.objects.exists()


def test_signing_up_again_says_nothing_about_who_has_an_account(visitor: Client) -> None:
    fresh = Client()
    cache.clear()  # another mail to the same address would have to wait for minutes
    answer = fresh.post("/accounts/signup/", {"email": "vera@example.org", "password1": PASSWORD})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1


def test_who_tries_too_often_is_told_so_in_our_design(visitor: Client) -> None:
    form = {"email": "vera@example.org", "password1": PASSWORD}
    answer = [Client().post("/accounts/signup/", form) for _ in range(2)][-1]
    assert answer.status_code == 429
    assert 'class="masthead"' in answer.content.decode()


def test_signing_in_by_password_and_by_mailed_code(visitor: Client) -> None:
    by_password, by_code = Client(), Client()
    by_password.post("/accounts/login/", {"login": "vera@example.org", "password": PASSWORD})
    assert by_password.get("/accounts/").status_code == 200
    by_code.post("/accounts/login/code/", {"email": "vera@example.org"})
    by_code.post("/accounts/login/code/confirm/", {"code": _code()})
    assert by_code.get("/accounts/").status_code == 200


def test_a_forgotten_password_is_set_anew_by_mail(visitor: Client) -> None:
    fresh = Client()
    fresh.post("/accounts/password/reset/", {"email": "vera@example.org"})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    form = fresh.get(link[1], follow=True)
    new = "ännu en lång mening"
    fresh.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    again = Client()
    again.post("/accounts/login/", {"login": "vera@example.org", "password": new})
    assert again.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/accounts/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/"),
        *("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/"),
        *("/accounts/sessions/", "/accounts/data/", "/accounts/delete/", "/accounts/logout/"),
    ],
)
def test_every_page_stands_in_our_design_in_every_language_without_inline_style(
    visitor: Client, path: str
) -> None:
    for language in ("en", "sv", "fr", "de"):
        answer = visitor.get(f"/{language}{path}", follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'class="masthead"' in page
        assert " style=" not in page
        assert "<style" not in page
        assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/accounts/login/code/", "/accounts/password/reset/"]
)
def test_the_pages_at_the_door_open(client: Client, path: str) -> None:
    page = client.get(f"/accounts/{path}").content.decode()
    assert "masthead" in page
    assert " style=" not in page


def test_the_secret_of_an_authenticator_app_rests_encrypted() -> None:
    adapter = SecondFactorAdapter()
    assert adapter.decrypt(adapter.encrypt("JBSWY3DPEHPK3PXP")) == "JBSWY3DPEHPK3PXP"
    assert "JBSWY3DPEHPK3PXP" not in adapter.encrypt("JBSWY3DPEHPK3PXP")


def test_signing_out_elsewhere_ends_the_other_session(visitor: Client) -> None:
    other = Client()
    other.post("/accounts/login/", {"login": "vera@example.org", "password": PASSWORD})
    for client in (visitor, other):
        client.get("/accounts/sessions/")
    visitor.post("/accounts/sessions/")
    assert visitor.get("/accounts/").status_code == 200
    assert other.get("/accounts/").status_code == 302


def test_all_data_can_be_taken_along_without_a_secret(visitor: Client) -> None:
    user = User.objects.get()
    Authenticator.objects.create(user=user, type="totp", data={"secret": "geheim"})
    personal.register(
        personal.Part("toys", export=lambda user: {"of": user.email}, events=lambda user: [_event()])
    )
    try:
        told = visitor.get("/accounts/data/marquee.json")
        held = Calendar.from_ical(visitor.get("/accounts/data/marquee.ics").content)
    finally:
        personal.forget("toys")
    data = json.loads(told.content)
    assert data["toys"] == {"of": "vera@example.org"}
    assert data["account"]["addresses"] == [{"email": "vera@example.org", "verified": True, "primary": True}]
    assert data["account"]["second_factors"][0]["kind"] == "totp"
    assert len(data["sessions"]) == 1
    assert b"geheim" not in told.content
    assert user.password.encode() not in told.content
    assert [str(each["summary"]) for each in held.walk("VEVENT")] == ["A film"]
    assert "attachment" in told["Content-Disposition"]


def _event() -> Event:
    from datetime import UTC, datetime

    event = Event()
    event.add("uid", "1@marquee")
    event.add("summary", "A film")
    event.add("dtstamp", datetime(2026, 11, 22, tzinfo=UTC))
    event.add("dtstart", datetime(2026, 11, 22, 18, tzinfo=UTC))
    return event


def _give_password_again(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_deleting_needs_the_tick_and_leaves_nothing(visitor: Client) -> None:
    left: list[Any] = []
    personal.register(personal.Part("toys", export=lambda user: {}, leave=lambda user: left.append(user.pk)))
    pk = User.objects.get().pk
    _give_password_again(visitor)
    try:
        assert "tick the box" in visitor.post("/accounts/delete/").content.decode()
        assert User.objects.exists()
        gone = visitor.post("/accounts/delete/", {"sure": "yes"}, follow=True).content.decode()
    finally:
        personal.forget("toys")
    assert "Your account and everything in it are gone." in gone
    assert left == [pk]
    assert not User.objects.exists()
    assert not any("vera" in str(session.get_decoded()) for session in Session.objects.all())
    assert visitor.get("/accounts/").status_code == 302


def test_who_cannot_be_told_goodbye_keeps_the_account(visitor: Client) -> None:
    def refuse(user: Any) -> None:
        raise RuntimeError("upstream does not answer")

    personal.register(personal.Part("toys", export=lambda user: {}, leave=refuse))
    _give_password_again(visitor)
    try:
        with pytest.raises(RuntimeError):
            visitor.post("/accounts/delete/", {"sure": "yes"})
    finally:
        personal.forget("toys")
    assert User.objects.exists()


def test_deleting_asks_for_the_password_again_after_a_while(visitor: Client, settings: Any) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1
    answer = visitor.post("/accounts/delete/", {"sure": "yes"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.exists()


def test_an_anonymous_page_asks_for_no_session(client: Client, django_assert_num_queries: Any) -> None:
    answer = client.get("/events/")
    assert "sessionid" not in answer.cookies
    assert "/accounts/login/" in answer.content.decode()
