"""Whose address a request comes from."""

from ipaddress import ip_network
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.test import Client, RequestFactory

from aggregator.clients import address_of
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("192.0.2.9", "203.0.113.5", "192.0.2.9"),
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.7, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.7, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5, rubbish", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "::ffff:203.0.113.5, ::ffff:10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "2001:db8::5", "2001:db8::5"),
        ("", "203.0.113.5", ""),
    ],
)
def test_a_header_counts_only_from_a_trusted_proxy(peer: str, said: str, address: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=said)
    assert address_of(request) == address


def test_nobody_else_reads_where_a_request_comes_from() -> None:
    """One rule for the limits of the API, those of signing in, the sessions and what loopback may do."""
    words = ("X-Forwarded-For", "HTTP_X_FORWARDED_FOR", "REMOTE_ADDR")
    rooms = (ROOT / room for room in ("aggregator", "planner", "providers"))
    found = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in room.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    assert found == {"aggregator/clients.py"}


@pytest.mark.django_db
def test_the_limits_of_the_api_and_of_signing_in_count_by_the_same_address(settings: Any) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    settings.THROTTLE_ANON = "2/min"
    header = {"REMOTE_ADDR": "::ffff:10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.5"}
    request = RequestFactory().get("/", **header)
    assert get_adapter(request).get_client_ip(request) == address_of(request) == "203.0.113.5"
    asked = [Client().get("/api/v1/", **header).status_code for _ in range(3)]
    assert asked == [200, 200, 429]
    # Whatever stands before what our proxy wrote is the visitor's own invention.
    header["HTTP_X_FORWARDED_FOR"] = "7.7.7.7, 203.0.113.5"
    assert Client().get("/api/v1/", **header).status_code == 429
    header["HTTP_X_FORWARDED_FOR"] = "203.0.113.6"
    assert Client().get("/api/v1/", **header).status_code == 200
