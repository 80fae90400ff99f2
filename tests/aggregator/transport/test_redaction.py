"""What a URL still shows after redaction."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.http import quiet_library_loggers, redact_url

BASE = "http://api.stockholmfilmfestival.se/v1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"{BASE}/films/list/format/json/API-Key/s3cret/", f"{BASE}/films/list/format/json/API-Key/***/"),
        (f"{BASE}/api-key/s3cret/token/s3cret/x/1", f"{BASE}/api-key/***/token/***/x/1"),
        (f"{BASE}/tickets/card/card_number/s3cret", f"{BASE}/tickets/card/card_number/***"),
        (f"{BASE}/API-Key//s3cret", f"{BASE}/API-Key//***"),
        (f"{BASE}/API%2DKey/s3cret", f"{BASE}/API%2DKey/***"),
        (f"{BASE}/API-Key%2Fs3cret/films", f"{BASE}/***/films"),
        (f"{BASE}/token=s3cret/films", f"{BASE}/***/films"),
        (f"{BASE}/token", f"{BASE}/token"),
        ("https://me:s3cret@host.example:8443/a?b=c", "https://***@host.example:8443/a?b=c"),
        ("https://h.example/?API_KEY=s3cret&q=x", "https://h.example/?API_KEY=***&q=x"),
        ("https://h.example/?api%5Fkey=s3cret;code=s3cret", "https://h.example/?api%5Fkey=***;code=***"),
        (
            "https://h.example/?X-Amz-Signature=s3cret&Expires=1",
            "https://h.example/?X-Amz-Signature=***&Expires=1",
        ),
        ("https://h.example/cb#access_token=s3cret", "https://h.example/cb#access_token=***"),
        (
            "https://h.example/?u=http%3A%2F%2Fa.b%2F%3Fkey%3Ds3cret",
            "https://h.example/?u=http://a.b/?key=***",
        ),
        ("/token/s3cret", "/token/***"),
        ("http://[::1/token/s3cret", "<unreadable URL>"),
        (
            f"{BASE}/films/film/film_id/12553/?since=1&q=a%20b",
            f"{BASE}/films/film/film_id/12553/?since=1&q=a%20b",
        ),
    ],
)
def test_secrets_are_hidden_and_the_rest_is_left_alone(url: str, shown: str) -> None:
    assert redact_url(url) == shown


NAMES = [
    "api_key",
    "key",
    "token",
    "access_token",
    "refresh_token",
    "client_secret",
    "password",
    "code",
    "signature",
]


@given(st.sampled_from(NAMES), st.text(min_size=1, max_size=20), st.booleans())
def test_no_value_of_a_secret_name_survives_however_it_is_written(name: str, noise: str, upper: bool) -> None:
    written = name.upper() if upper else name
    shown = redact_url(f"https://h.example/{quote(noise, safe='')}?a={quote(noise)}&{written}=s3cret&z=1")
    assert "s3cret" not in shown
    assert shown.endswith("&z=1")


@given(st.text())
def test_any_text_can_be_redacted_and_twice_changes_nothing_more(text: str) -> None:
    once = redact_url(text)
    assert redact_url(once) == once


def test_library_loggers_are_raised_and_never_lowered() -> None:
    names = ("oauthlib", "requests_oauthlib", "urllib3", "requests")
    before = {name: logging.getLogger(name).level for name in names}
    try:
        logging.getLogger("oauthlib").setLevel(logging.DEBUG)
        logging.getLogger("requests").setLevel(logging.CRITICAL)
        quiet_library_loggers()
        assert logging.getLogger("oauthlib").level == logging.INFO
        assert logging.getLogger("requests").level == logging.CRITICAL
        warning = logging.LogRecord("urllib3.connection", logging.WARNING, "", 0, "/token/s3cret", (), None)
        assert not logging.getLogger("urllib3.connection").filter(warning)
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
