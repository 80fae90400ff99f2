"""What an access log may hold."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import SafeAtoms

from aggregator.accesslog import DiscreetLogger, discreet

TOKEN = "Zk3_pX9-aB1cD2eF3gH4"


@pytest.mark.parametrize(
    ("address", "signed_in", "told"),
    [
        ("/events/?near=59.33,18.06&city=Ume%C3%A5", False, "/events/?near=…&city=Ume%C3%A5"),
        ("/events/?q=kris", False, "/events/?q=kris"),
        ("/sv/search/?q=kris&Q=x", True, "/sv/search/?q=…&Q=…"),
        ("/events/?%6Eear=59,18", False, "/events/?near=…"),
        (f"/planner/calendar/{TOKEN}.ics", False, "/planner/calendar/….ics"),
        (
            "/films/12-en-langre-titel-om-havet-och-natten/",
            True,
            "/films/12-en-langre-titel-om-havet-och-natten/",
        ),
        ("https://a:b@site.example/events/?near=1,2", False, "https://site.example/events/?near=…"),
        ("/link/callback/?code=abc&state=def", True, "/link/callback/?code=…&state=…"),
        ("http://[broken", False, "…"),
    ],
)
def test_an_address_is_told_without_what_is_nobodys_business(
    address: str, signed_in: bool, told: str
) -> None:
    assert discreet(address, signed_in) == told


def test_no_format_brings_it_back() -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/search/?q=secretword&near=59.33,18.06",
        "PATH_INFO": "/search/",
        "QUERY_STRING": "q=secretword&near=59.33,18.06",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_COOKIE": "sessionid=secretsession",
        "HTTP_REFERER": "https://site.example/events/?near=59.33,18.06&q=secretword",
    }
    headers = [
        ("Cookie", "sessionid=secretsession"),
        ("HX-Current-URL", "https://site.example/?near=59.33,18.06"),
        ("Authorization", "Bearer secretkey"),
        ("Referer", environ["HTTP_REFERER"]),
    ]
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[("Set-Cookie", "sessionid=secretsession")])
    atoms = DiscreetLogger(Config()).atoms(answer, SimpleNamespace(headers=headers), environ, timedelta(0))
    written = " ".join(map(str, SafeAtoms(atoms).values()))
    for secret in ("secretword", "59.33", "secretsession", "secretkey"):
        assert secret not in written, secret
    assert "GET /search/?q=…&near=… HTTP/1.1" in written
