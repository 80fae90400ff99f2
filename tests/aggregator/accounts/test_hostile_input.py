"""Text that no database or header can hold, in every field of the forms about an account: refused, never a 5xx."""

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from aggregator.api import keys
from aggregator.deliveries import endpoints
from aggregator.models import ApiKey, Endpoint

pytestmark = pytest.mark.django_db

# As they stand in a form: a NUL, ten kilobytes, half of a surrogate pair, bytes that are no UTF-8, a wrong direction.
BAD = {
    "nul": "a%00b",
    "nul alone": "%00",
    "long": "x" * 10_240,
    "surrogate": "%ED%A0%80",
    "no utf-8": "%FF%FE",
    "controls": "%01%1B%7F%E2%80%AE",
}
KEYS, HOOKS = "/accounts/keys/", "/accounts/webhooks/"
OF_A_VISITOR = {
    "/accounts/login/": ("login", "password", "next", "remember"),
    "/accounts/signup/": ("email", "username", "password1", "password2", "next"),
    "/accounts/password/reset/": ("email",),
    "/accounts/login/code/": ("email",),
    "/accounts/login/code/confirm/": ("code",),
    "/accounts/2fa/authenticate/": ("code",),
    "/accounts/2fa/webauthn/login/": ("credential",),
}
OF_A_USER = {
    KEYS: ("do", "name", "key"),
    HOOKS: ("url", "kinds", "actions", "providers"),
    "/accounts/email/": ("email", "action_add", "action_primary"),
    "/accounts/password/change/": ("oldpassword", "password1", "password2"),
    "/accounts/reauthenticate/": ("password", "next"),
    "/accounts/2fa/totp/activate/": ("code",),
    "/accounts/2fa/webauthn/add/": ("name", "credential", "passwordless"),
    "/accounts/delete/": ("sure",),
}
# What a form needs beside the field that is tried.
BESIDE = {
    (KEYS, "name"): "do=make",
    (KEYS, "key"): "do=rename&name=x",
    ("/accounts/email/", "email"): "action_add=",
    **{(HOOKS, name): "url=https%3A%2F%2Fhooks.example.org%2F" for name in ("kinds", "actions", "providers")},
}
FORM = "application/x-www-form-urlencoded"
EVERY = pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))


@pytest.fixture
def user() -> Any:
    made = get_user_model().objects.create(username="ada", email="ada@example.org")
    keys.make(made, "mirror", timezone.now())
    return made


def sent(client: Client, path: str, body: str) -> int:
    """The status; what a view raises is raised here."""
    return client.post(path, body, content_type=FORM).status_code


@EVERY
@pytest.mark.parametrize("path", OF_A_VISITOR)
def test_forms_of_visitors_answer_to_anything(client: Client, path: str, text: str) -> None:
    for name in OF_A_VISITOR[path]:
        assert sent(client, path, f"{name}={text}") < 500
        assert client.get(f"{path}?{name}={text}").status_code < 500


@EVERY
@pytest.mark.parametrize("path", OF_A_USER)
def test_forms_of_users_answer_to_anything(client: Client, user: Any, path: str, text: str) -> None:
    client.force_login(user)
    for name in OF_A_USER[path]:
        assert sent(client, path, f"{BESIDE.get((path, name), 'x=')}&{name}={text}") < 500
        assert client.get(f"{path}?{name}={text}").status_code < 500


@pytest.mark.parametrize("what", ["make", "rename"])
@pytest.mark.parametrize(
    ("text", "said"),
    [("nul", "Null characters"), ("long", "at most 60 characters"), ("", "Give the key a name")],
)
def test_a_key_is_told_what_is_wrong_with_its_name(
    client: Client, user: Any, what: str, text: str, said: str
) -> None:
    client.force_login(user)
    key = ApiKey.objects.get()
    body = f"do={what}&key={key.pk}&name={BAD.get(text, '')}"
    response = client.post(KEYS, body, content_type=FORM, headers={"Accept-Language": "en"})
    assert said in response.content.decode()
    assert [one.name for one in ApiKey.objects.all()] == ["mirror"]


@EVERY
def test_a_webhook_answers_to_anything(client: Client, user: Any, text: str) -> None:
    client.force_login(user)
    filters: dict[str, list[str]] = {"kinds": [], "providers": [], "actions": []}
    made = endpoints.register(user, "https://hooks.example.org/", filters, timezone.now()).endpoint
    path = f"{HOOKS}{made.pk}/"
    for body in (
        f"do={text}",
        f"do=again&delivery={text}",
        f"do=change&url={text}",
        f"do=resume&skip={text}",
    ):
        assert sent(client, path, body) < 500
    assert sent(client, path, f"do=change&url={quote(made.url, safe='')}&kinds={text}") == 400
    for name in ("before", "failed"):
        assert client.get(f"{path}?{name}={text}").status_code == 200
    assert [one.url for one in Endpoint.objects.all()] == [made.url]
