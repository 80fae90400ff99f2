"""The planner's and the account's pages in a browser: for everybody's eyes and hands, on a phone and on a desk."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import Page, expect

from aggregator.models import Festival
from planner.models import Entry
from providers import registry
from tests.belongings import PASSWORD, Belongings, furnish
from tests.browser.conftest import LOOKS, Tabs, serious
from tests.factories import NOW, make_source

pytestmark = LOOKS
ANYBODYS = (
    *("/planner/", "/accounts/login/", "/accounts/signup/", "/accounts/login/code/"),
    *("/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/password/reset/key/done/"),
    "/accounts/password/reset/key/1-nonsense/",
)
THEIRS = (
    *("/planner/", "/planner/cards/", "/planner/link/", "/accounts/", "/accounts/email/"),
    *("/accounts/password/change/", "/accounts/sessions/", "/accounts/data/", "/accounts/delete/"),
    *("/accounts/2fa/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/"),
    *("/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/"),
    *("/accounts/keys/", "/accounts/webhooks/", "/accounts/logout/", "/accounts/reauthenticate/"),
)


@pytest.fixture(name="vera")
def _vera(monkeypatch: pytest.MonkeyPatch, settings: Any, transactional_db: None) -> Belongings:
    """Somebody with one of everything, at a Sunday afternoon. Nobody listens where the festival should be."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    monkeypatch.setattr("planner.tasks._send", lambda *_: None)
    nowhere = {"PROVIDER_SFF_BASE_URL": "http://127.0.0.1:9/", "PROVIDER_SFF_SITE_URL": "http://127.0.0.1:9/"}
    keys = {"PROVIDER_SFF_API_KEY": "k" * 40, "PROVIDER_SFF_API_PASSWORD": "p" * 40}
    settings.PROVIDERS = registry.configure({**nowhere, **keys, "PROVIDER_SFF_ALLOW_PLAINTEXT_TOKENS": "1"})
    make_source()
    return furnish("Veras", NOW, "vera")


@pytest.fixture(name="session")
def _session(vera: Belongings) -> Mapping[str, Any]:
    """The cookie of her session, in which she gave her password a moment ago."""
    client = Client()
    client.force_login(vera.user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    key = client.session.session_key
    UserSession.objects.create(user=vera.user, ip="192.0.2.7", session_key=key, user_agent=agent)
    return {"name": site.SESSION_COOKIE_NAME, "value": key}


@pytest.fixture(name="signed_in")
def _signed_in(tab: Tabs, session: Mapping[str, Any]) -> Callable[..., Page]:
    def opened(**options: Any) -> Page:
        page = tab(**options)
        page.context.add_cookies([{**session, "url": tab.server.url}])  # type: ignore[list-item]
        return page

    return opened


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def check(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    assert page.url.endswith(path), f"{path} led to {page.url}"
    for details in page.locator("details").all():
        details.evaluate("box => box.open = true")
    assert overflow(page) <= 0, path
    assert serious(page) == [], path


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
)
def test_everybody_can_read_them(
    tab: Tabs, vera: Belongings, signed_in: Callable[..., Page], width: int, scheme: str
) -> None:
    page = tab(width=width, scheme=scheme)
    for path in ANYBODYS:
        check(page, path)
    page = signed_in(width=width, scheme=scheme)
    own = (f"/accounts/webhooks/{vera.endpoint}/", f"/accounts/2fa/webauthn/keys/{vera.passkey}/edit/")
    removing = f"/accounts/2fa/webauthn/keys/{vera.passkey}/remove/"
    for path in (*THEIRS, *own, removing, f"/planner/add/?showing={vera.showing}"):
        check(page, path)
    Authenticator.objects.filter(type="totp").delete()
    EmailAddress.objects.filter(verified=False).delete()  # with one that waits there are no new factors
    for path in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        check(page, path)


def test_nothing_has_to_be_scrolled_sideways_at_four_times_the_size(
    tab: Tabs, signed_in: Callable[..., Page]
) -> None:
    """A window of 1280 px at 400 % is 320 px wide."""
    page = tab(width=320)
    for path in ANYBODYS:
        page.goto(path)
        assert overflow(page) <= 0, path
    page = signed_in(width=320)
    for path in THEIRS:
        page.goto(path)
        assert overflow(page) <= 0, path


def test_a_thumb_hits_what_it_means(tab: Tabs, signed_in: Callable[..., Page]) -> None:
    page = signed_in(width=390)
    for path in THEIRS:
        page.goto(path)
        for target in page.locator("main :is(button, select, summary, input:not([type=hidden]))").all():
            box = target.bounding_box()
            if box is not None and box["width"]:
                small = min(box["width"], box["height"])
                assert small >= (20 if target.get_attribute("type") == "checkbox" else 32), (
                    path,
                    target,
                    box,
                )


def test_a_day_is_planned_by_keyboard_alone(vera: Belongings, signed_in: Callable[..., Page]) -> None:
    page = signed_in(javascript=True)
    page.goto("/planner/")
    entry = Entry.objects.get(pk=vera.asked)
    _walk_to(page, f"#intent-{entry.pk}")
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    entry.refresh_from_db()
    assert entry.intent == "going"
    _walk_to(page, f"#entry-{entry.pk} button[value=remove]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/planner/")
    expect(page.locator(f"#entry-{entry.pk}")).to_have_count(0)


def test_a_card_is_typed_in_and_a_festival_chosen_by_keyboard(
    vera: Belongings, signed_in: Callable[..., Page]
) -> None:
    page = signed_in()
    page.goto("/planner/cards/")
    _walk_to(page, "#number")
    page.keyboard.type("0009922001")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("…001")
    page.goto("/planner/")
    _walk_to(page, "#festival")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert f"festival={Festival.objects.latest('pk').pk}" in page.url


def _walk_to(page: Page, selector: str) -> None:
    """Press Tab until what *selector* names has the focus, and can be seen to have it."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("name => document.activeElement.matches(name)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", selector
            return
    raise AssertionError(f"Tab never comes to {selector}")
