"""A passkey, made and used: Chromium's own authenticator in software, as the devices of people have it in hardware."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from tests.browser.conftest import BROWSER, Tabs

pytestmark = BROWSER
PASSWORD = "en lång mening om vinter"


@pytest.fixture(name="vera")
def _vera(transactional_db: None) -> Any:
    user = get_user_model().objects.create_user("vera", "vera@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_a_passkey_is_made_and_opens_the_account_without_a_password(tab: Tabs, vera: Any) -> None:
    page = tab(width=390)
    _give_an_authenticator(page)
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(vera.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/")
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My telephone")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(
        "**/accounts/2fa/recovery-codes/**"
    )  # the first factor brings codes for the day it is lost
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator(".factor")).to_contain_text("My telephone")
    expect(page.locator(".factor")).to_contain_text("Passkey")

    page.goto("/accounts/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/planner/link/")
    page.wait_for_url("**/accounts/login/**")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{tab.server.url}/planner/link/")  # where she wanted to go
    page.goto("/accounts/")
    expect(page.locator("main")).to_contain_text(vera.email)
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_at_an_address_in_numbers_the_page_says_why_there_are_none(tab: Tabs, host: str) -> None:
    tab.elsewhere.append(address := tab.server.url.replace("localhost", host))
    page = tab()
    page.goto(f"{address}/accounts/login/")
    notice = page.get_by_text("open the site at localhost instead")
    expect(notice).to_be_visible() if host == "127.0.0.1" else expect(notice).to_have_count(0)


def _give_an_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
