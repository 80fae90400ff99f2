"""Nobody reaches anything of anybody else: every address of the project, every method, for another person, for another
person's API key, and for nobody at all.

An address that is in none of the tables below fails the test: whoever adds a page says here whose it is.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from providers import registry
from tests.belongings import PASSWORD, Belongings, furnish
from tests.factories import make_source

pytestmark = pytest.mark.django_db

MARK = "Qzmarkqz"
#: What sort of text a part of an address may be is nothing to this test.
_CONVERTER = re.compile(r"<\w+:")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: Whatever a form of ours can be asked to do.
DEEDS = (
    *("remove", "intent", "ticket", "keep", "take", "retry", "swap", "rename", "rotate", "revoke", "make"),
    *("change", "pause", "resume", "test", "again", "forget"),
)

#: Addresses of what belongs to one person → what stands in them, by the names of ``Belongings``.
PRIVATE: Mapping[str, Sequence[str]] = {
    "api/v1/me/": (),
    "api/v1/me/plan/": (),
    "api/v1/me/plan/<showing>/": ("showing",),
    "api/v1/me/tickets/": (),
    "api/v1/me/cards/": (),
    "api/v1/me/cards/<card>/": ("card",),
    "api/v1/me/link/": (),
    "api/v1/me/export/": (),
    "accounts/keys/": (),
    "accounts/webhooks/": (),
    "accounts/webhooks/<pk>/": ("endpoint",),
    "accounts/": (),
    "accounts/data/": (),
    "accounts/data/marquee.json": (),
    "accounts/data/marquee.ics": (),
    "accounts/delete/": (),
    "accounts/logout/": (),
    "accounts/reauthenticate/": (),
    "accounts/email/": (),
    "accounts/confirm-email/": (),
    "accounts/password/change/": (),
    "accounts/password/set/": (),
    "accounts/login/code/confirm/": (),
    "accounts/2fa/": (),
    "accounts/2fa/authenticate/": (),
    "accounts/2fa/reauthenticate/": (),
    "accounts/2fa/totp/activate/": (),
    "accounts/2fa/totp/deactivate/": (),
    "accounts/2fa/recovery-codes/": (),
    "accounts/2fa/recovery-codes/generate/": (),
    "accounts/2fa/recovery-codes/download/": (),
    "accounts/2fa/webauthn/": (),
    "accounts/2fa/webauthn/add/": (),
    "accounts/2fa/webauthn/reauthenticate/": (),
    "accounts/2fa/webauthn/keys/<pk>/remove/": ("passkey",),
    "accounts/2fa/webauthn/keys/<pk>/edit/": ("passkey",),
    "accounts/2fa/webauthn/login/": (),
    "accounts/sessions/": (),
    "planner/": (),
    "planner/add/": (),
    "planner/remove/": (),
    "planner/entries/<key>/": ("entry",),
    "planner/questions/": (),
    "planner/undo/<change>/": ("change",),
    "planner/cards/": (),
    "planner/link/": (),
    "planner/link/begin/": (),
    "planner/link/return/": (),
    "planner/link/unlink/": (),
    "planner/link/mail/": (),
    "planner/link/keys/<key>/": ("key",),
}
#: Where the owner sees the mark: without this the walk could look past it.
SHOWS = (
    *("api/v1/me/plan/", "api/v1/me/tickets/", "api/v1/me/cards/", "api/v1/me/export/", "accounts/keys/"),
    *("accounts/webhooks/", "accounts/webhooks/<pk>/", "accounts/data/marquee.json"),
    *("accounts/data/marquee.ics", "accounts/2fa/webauthn/", "accounts/sessions/", "planner/"),
    *("planner/cards/", "planner/link/", "api/v1/me/plan/<showing>/"),
)
_ROWS = ("events", "films", "people", "venues", "festivals", "sections", "organisations")
_RESET = "password/reset/key/"
_IN_API = (*_ROWS, "showings", "categories")
#: Addresses that are anybody's, with everything that stands in them filled in.
PUBLIC: Mapping[str, str] = {
    "healthz": "healthz",
    "readyz": "readyz",
    r"^images/([0-9]{1,19})/([a-z0-9-]{1,20})\.([a-z]{3,4})$": "images/1/square-75.jpg",
    "api/v1/me/^.*$": "api/v1/me/anything/",
    "api/v1/": "api/v1/",
    "api/v1/providers/": "api/v1/providers/",
    "api/v1/providers/<slug>/": "api/v1/providers/sff/",
    "api/v1/search/": "api/v1/search/?q=natt",
    "api/v1/docs/": "api/v1/docs/",
    "api/v1/schema/": "api/v1/schema/",
    "api/v1/changes/": "api/v1/changes/",
    "accounts/outbox/": "accounts/outbox/",
    "accounts/login/": "accounts/login/",
    "accounts/inactive/": "accounts/inactive/",
    "accounts/signup/": "accounts/signup/",
    "accounts/password/reset/": "accounts/password/reset/",
    "accounts/password/reset/done/": "accounts/password/reset/done/",
    "accounts/password/reset/key/done/": "accounts/password/reset/key/done/",
    rf"accounts/^{_RESET}(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": f"accounts/{_RESET}{{uid}}-set-password/",
    "accounts/login/code/": "accounts/login/code/",
    "events/calendar.ics": "events/calendar.ics",
    "events/feed.atom": "events/feed.atom",
    "events/<pk>/calendar.ics": "events/1/calendar.ics",
    "films/<pk>/calendar.ics": "films/1/calendar.ics",
    "sitemap.xml": "sitemap.xml",
    "sitemaps/<kind>-<number>.xml": "sitemaps/events-1.xml",
    "robots.txt": "robots.txt",
    "opensearch.xml": "opensearch.xml",
    "": "",
    "events/": "events/",
    "sources/": "sources/",
    "search/": "search/?q=natt",
    "city/": "city/",
    "language/": "language/",
    "tiles/<z>/<x>/<y>": "tiles/1/1/1",
    "trailers/<kind>/<pk>/<number>/": "trailers/film/1/1/",
    "hooks/<slug>/": "hooks/sff/",
    **{f"{name}/": f"{name}/" for name in _ROWS if name not in ("events", "sections")},
    **{rf"^{name}/(?P<pk>[0-9]{{1,19}})(?:-(?P<slug>.*))?/$": f"{name}/1-x/" for name in _ROWS},
    **{f"api/v1/{name}/": f"api/v1/{name}/" for name in _IN_API},
    **{f"api/v1/{name}/<pk>/": f"api/v1/{name}/1/" for name in _IN_API},
    **{f"api/v1/{name}/<pk>/source/": f"api/v1/{name}/1/source/" for name in _IN_API},
}


@dataclass
class Somebody:
    """Who asks: by a session, by an API key, or with nothing."""

    name: str
    user: Any = None
    headers: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        self.client = Client(headers=self.headers)

    def ask(self, method: str, path: str, data: Mapping[str, Any]) -> str:
        """All that comes back, headers too. Signs in again where the last answer signed out."""
        cache.clear()  # no limit on tries keeps the walk away from anything
        if self.user is not None and "_auth_user_id" not in self.client.session:
            sign_in(self.client, self.user)
        if method == "GET":
            answer = self.client.get(path)
        elif path.startswith("/api/") or method != "POST":
            body = json.dumps(data)
            answer = self.client.generic(method, path, body, content_type="application/json")
        else:
            answer = self.client.post(path, data)
        assert answer.status_code != 500, (self.name, method, path)
        content: bytes = answer.getvalue()
        return content.decode("utf-8", "replace") + "".join(
            f"{name}: {text}" for name, text in answer.items()
        )


def sign_in(client: Client, user: Any) -> None:
    """With the password just given, so that no page hides behind asking for it."""
    if not get_user_model().objects.filter(pk=user.pk).exists():
        user.save(force_insert=True)  # they left for good a moment ago
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def routes(console: bool) -> list[str]:
    """The pattern of every address; of the operator's *console* or of everything else. Leaving for good comes last."""

    def walk(resolver: Any, before: str, inside: bool) -> Iterator[str]:
        for one in resolver.url_patterns:
            here = before + _CONVERTER.sub("<", str(one.pattern))
            if isinstance(one, URLResolver):
                yield from walk(one, here, inside or one.app_name == "admin")
            elif inside == console:
                yield here

    return sorted(walk(get_resolver(), "", False), key="accounts/delete/".__eq__)


def forms(pattern: str, whose: Belongings) -> Iterator[Mapping[str, Any]]:
    """What is sent there: everything of *whose* that a form of ours can name."""
    ours = pattern.startswith(("planner/", "accounts/keys/", "accounts/webhooks/"))
    base = {
        "showing": whose.showing,
        "key": whose.key,
        "card": whose.card,
        "delivery": whose.delivery,
        "group": whose.group,
        "id": whose.user.pk,
        "email": whose.user.email,
        "login": whose.user.email,
        "password": "a guess",
        "code": "123456",
        "number": "0009999001",
        "url": "https://bob.example.org/",
        "name": "taken",
        "answer": "take",
        "next": "/planner/",
        **dict.fromkeys(("sure", "forget", "plan:write", "action_remove"), "yes"),
    }
    for deed in DEEDS if ours else ("remove",):
        value = {"intent": "must", "ticket": "none", "swap": whose.showing}.get(deed, "")
        yield {**base, "do": deed, "value": value, "intent": "must", "ticket": "none"}


def rows_of(user: Any) -> Mapping[str, Any]:
    """Every row that hangs on *user*, however far, and their session."""
    found = NestedObjects(using="default")
    found.collect([get_user_model().objects.get(pk=user.pk)])
    rows = {
        f"{model._meta.label} {one.pk}": {
            field.attname: getattr(one, field.attname) for field in model._meta.concrete_fields
        }
        for model, instances in found.data.items()
        for one in instances
    }
    for session in UserSession.objects.filter(user=user):
        rows[f"session {session.session_key}"] = Session.objects.get(pk=session.session_key).session_data
    return rows


def address(pattern: str, whose: Belongings) -> str:
    """A real address of *pattern*, with the ids of *whose* things in it. Fails for one that nobody decided about."""
    if pattern in PUBLIC:
        uid = user_pk_to_url_str(whose.user)
        return "/" + PUBLIC[pattern].format(uid=uid)
    assert pattern in PRIVATE, f"say in tests/test_access.py whose {pattern!r} is"
    names = iter(PRIVATE[pattern])
    return "/" + re.sub(r"<\w+>", lambda _: str(whose.ids()[next(names)]), pattern)


@pytest.fixture(name="ada")
def _ada(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Belongings:
    """Somebody with one of everything; nobody listens where the festival should be, and no hint is sent."""
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda *_args, **_more: None)
    nowhere = "http://127.0.0.1:9/"
    settings.PROVIDERS = registry.configure(
        {
            "PROVIDER_SFF_BASE_URL": nowhere,
            "PROVIDER_SFF_SITE_URL": nowhere,
            "PROVIDER_SFF_API_KEY": "k" * 40,
            "PROVIDER_SFF_API_PASSWORD": "p" * 40,
            "PROVIDER_SFF_ALLOW_PLAINTEXT_TOKENS": "1",
        }
    )
    make_source()
    return furnish(MARK, timezone.now())


@pytest.fixture(name="others")
def _others(ada: Belongings) -> list[Somebody]:
    bob = furnish("Robert", timezone.now(), "bob")
    by_key = {"Authorization": f"Bearer {bob.key_secret}"}
    return [Somebody("bob", bob.user), Somebody("bob's key", headers=by_key), Somebody("nobody")]


@pytest.fixture(name="her")
def _her(ada: Belongings) -> Client:
    """Her own browser, signed in; it has a name of its own."""
    client = Client()
    sign_in(client, ada.user)
    UserSession.objects.create(
        user=ada.user, ip="192.0.2.7", session_key=client.session.session_key, user_agent=f"{MARK} browser"
    )
    return client


def test_every_address_is_somebodys(ada: Belongings) -> None:
    patterns = routes(console=False)
    assert all(address(pattern, ada) for pattern in patterns)
    assert {*PRIVATE, *PUBLIC} <= set(patterns), "addresses that are no more"


def test_her_things_are_there_to_be_found(ada: Belongings, her: Client) -> None:
    """Without this the walk below might look past what it looks for."""
    for pattern in SHOWS:
        assert MARK in her.get(address(pattern, ada)).getvalue().decode(), pattern
    assert len(rows_of(ada.user)) > 25


@pytest.mark.parametrize("console", [False, True], ids=["site", "console"])
def test_nobody_sees_or_changes_anything_of_hers(
    ada: Belongings, her: Client, others: list[Somebody], console: bool
) -> None:
    before = rows_of(ada.user)
    others = others[::2] if console else others  # keys open nothing there
    for pattern in routes(console):
        path = _in_console(pattern, ada) if console else address(pattern, ada)
        for somebody in others:
            for method in METHODS:
                for data in (
                    forms(pattern, ada) if method == "POST" else ({"intent": "must", "ticket": "none"},)
                ):
                    said = somebody.ask(method, path, data)
                    assert MARK.lower() not in said.lower(), (somebody.name, method, path, data)
        if path.startswith("/api/v1/me/"):
            for somebody in others:
                somebody.ask("DELETE", f"{path}?confirm=true", {})
        assert rows_of(ada.user) == before, path
    assert MARK in her.get("/planner/").getvalue().decode()


def _in_console(pattern: str, whose: Belongings) -> str:
    """Her own id wherever one is asked for."""
    path = re.sub(r"(?<!P)<\w+>", str(whose.user.pk), pattern)
    return "/" + path.replace("^(?P<app_label>auth|aggregator)/$", "auth/").replace("(?P<url>.*)$", "x")
