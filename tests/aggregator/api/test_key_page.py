"""The page of somebody's keys."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from aggregator.accounts import personal
from aggregator.api import keys
from aggregator.models import ApiKey, KeyUsage

pytestmark = pytest.mark.django_db

PAGE = "/accounts/keys/"
SECRET = re.compile(r"mq_[A-Za-z0-9_-]{43}")


@pytest.fixture
def user() -> Any:
    return get_user_model().objects.create(username="ada", email="ada@example.org")


@pytest.fixture
def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def post(client: Client, status: int = 200, **values: Any) -> str:
    answer = client.post(PAGE, values)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_is_for_who_is_signed_in(client: Client) -> None:
    for answer in (client.get(PAGE), client.post(PAGE, {"do": "make", "name": "x"})):
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    assert not ApiKey.objects.exists()


def test_a_secret_is_shown_once_and_works(signed_in: Client) -> None:
    [secret] = set(SECRET.findall(post(signed_in, do="make", name="mirror")))
    assert signed_in.get("/api/v1/", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    again = signed_in.get(PAGE)
    assert secret not in again.content.decode()
    assert secret[: keys.SHOWN] in again.content.decode()
    assert "no-store" in again["Cache-Control"]


def test_a_key_is_renamed_changed_and_revoked(signed_in: Client, user: Any) -> None:
    old = keys.make(user, "mirror", timezone.now())
    post(signed_in, 302, do="rename", key=old.key.pk, name="<b>other</b>")
    assert "&lt;b&gt;other" in signed_in.get(PAGE).content.decode()
    [new] = set(SECRET.findall(post(signed_in, do="rotate", key=old.key.pk)))
    assert new != old.secret
    assert keys.find(new, timezone.now()) == old.key
    post(signed_in, 302, do="revoke", key=old.key.pk)
    assert keys.find(new, timezone.now()) is None
    assert "other" in signed_in.get(PAGE).content.decode()  # the message says so once
    assert "other" not in signed_in.get(PAGE).content.decode()


@pytest.mark.parametrize("do", ["rename", "rotate", "revoke"])
def test_nobody_touches_the_keys_of_others(signed_in: Client, do: str) -> None:
    theirs = keys.make(get_user_model().objects.create(username="bo"), "theirs", timezone.now())
    for key in (theirs.key.pk, "", "x", "9" * 30):
        post(signed_in, 404, do=do, key=key, name="mine")
    key = ApiKey.objects.get()
    assert (key.name, key.revoked_at, key.rotated_at) == ("theirs", None, None)


def test_what_cannot_be_done_is_said(signed_in: Client, user: Any) -> None:
    post(signed_in, 400, do="dance")
    post(signed_in, 400, do="make", name=" ")
    for _ in range(keys.MOST_KEYS):
        keys.make(user, "k", timezone.now())
    assert "as many keys" in post(signed_in, 400, do="make", name="one more")


def test_forms_from_elsewhere_are_refused(user: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(PAGE, {"do": "make", "name": "x"}).status_code == 403


def test_usage_is_shown_by_day_at_the_same_cost_for_many_keys(
    signed_in: Client, user: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    today = timezone.now().date()
    for number in (1, 6):
        while keys.working(user).count() < number:
            key = keys.make(user, "k", timezone.now()).key
            for days in range(40):
                KeyUsage.objects.create(
                    key=key, day=today - timedelta(days=days), requests=1000 + days, refused=7
                )
        with django_assert_max_num_queries(7):
            page = signed_in.get(PAGE).content.decode()
    assert "1000 requests today" in page
    assert "1029" in page
    assert "1030" not in page


def test_what_is_kept_can_be_taken_along_and_goes_with_the_account(signed_in: Client, user: Any) -> None:
    issued = keys.make(user, "mirror", timezone.now())
    [told] = personal.export(user)["api_keys"]
    assert told["name"] == "mirror"
    assert issued.secret not in str(told)
    personal.destroy(user)
    assert not ApiKey.objects.exists()
