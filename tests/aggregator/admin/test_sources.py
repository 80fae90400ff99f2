"""The operator's page of providers, and the runs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aggregator.ingest import control
from aggregator.models import IngestRun, Source
from aggregator.provider import Configured
from aggregator.vocabulary import Mode
from tests import factories
from tests.toy import Toy

pytestmark = pytest.mark.django_db
PAGE = "/admin/aggregator/source/"


@pytest.fixture(autouse=True)
def _one_provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PROVIDERS = {"toy": Toy().configured()}
    monkeypatch.setattr(control, "hint", lambda: None)


def press(client: Client, what: str, slug: str = "toy") -> str:
    return client.post(f"{PAGE}{slug}/control/", {"do": what}, follow=True).content.decode()


def buttons(html: str) -> dict[str, bool]:
    """The buttons of the page, and whether each can be pressed."""
    found = re.findall(r'<button name="do" value="(\w+)"( disabled)?>', html)
    return {name: not disabled for name, disabled in found}


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\xa0", " ").split())


def test_the_page_tells_how_every_provider_is_doing(operator: Client) -> None:
    now = timezone.now()
    factories.make_source(
        "toy",
        state="backing_off",
        reason="read_timeout",
        message="after <2> s",
        failures=3,
        last_good_at=now - timedelta(hours=5),
    )
    factories.make_run("toy", finished_at=now - timedelta(hours=5))
    factories.make_run("toy", finished_at=now - timedelta(hours=30), mode=Mode.CHANGES)
    factories.make_run("toy", finished_at=now - timedelta(hours=1), state="failed", mode=Mode.WANTED)
    factories.make_rejection("toy")
    html = operator.get(PAGE).content.decode()
    for words in (
        *("Toy", "The last run failed", "The server stopped sending.", "after &lt;2&gt; s", "5 hours ago"),
        *("Open rejections 1", "Failures in a row 3", "2 good runs, 1 failed in seven days"),
        "oldest the data ever was: 1 day",
    ):
        assert words in plain(html), words
    assert "<svg" in html
    assert html.count('class="chart-failure"') == 1


def test_nothing_on_the_page_is_against_its_policy(operator: Client) -> None:
    factories.make_source("toy")
    factories.make_run("toy", finished_at=timezone.now())
    html = operator.get(PAGE).content.decode()
    main = html[html.index('<div id="content-main"') : html.index('<footer id="footer"')]
    assert "<script" not in main
    assert "style" not in main
    assert re.search(r'<link href="[^"]*css/operator[^"]*\.css"', html)


def test_a_provider_never_read_or_without_credentials_has_a_panel(operator: Client, settings: Any) -> None:
    assert "Never read yet" in operator.get(PAGE).content.decode()
    settings.PROVIDERS = {"toy": Configured(Toy().provider(), None, "Set PROVIDER_TOY_API_KEY.")}
    html = operator.get(PAGE).content.decode()
    assert "Set PROVIDER_TOY_API_KEY." in html
    assert buttons(html) == {"ingest": False, "full": False, "pause": True}
    assert "not possible" in press(operator, "ingest")
    assert IngestRun.objects.count() == 0


def test_the_buttons_ask_for_runs(operator: Client) -> None:
    assert "Toy: it is read now." in press(operator, "ingest")
    run = IngestRun.objects.get()
    assert (run.provider, run.mode, run.state, run.full) == ("toy", Mode.FULL, "queued", False)
    assert "Toy: everything is read anew." in press(operator, "full")
    assert IngestRun.objects.get().full
    IngestRun.objects.update(state="waiting", due_at=timezone.now() + timedelta(hours=1))
    assert "a run waits already" in press(operator, "ingest")


def test_pause_and_resume(operator: Client) -> None:
    factories.make_source("toy", state="backing_off", failures=2)
    assert buttons(operator.get(PAGE).content.decode()).keys() == {"ingest", "full", "pause", "resume"}
    html = press(operator, "pause")
    assert "The operator has paused it" in html
    assert buttons(html) == {"ingest": False, "full": False, "resume": True}
    assert (Source.objects.get().state, Source.objects.get().stopped_binding) == ("paused", "")
    assert "The operator has paused it" in press(operator, "ingest")
    assert IngestRun.objects.count() == 0
    html = press(operator, "resume")
    assert buttons(html) == {"ingest": True, "full": True, "pause": True}
    assert (Source.objects.get().state, Source.objects.get().failures) == ("idle", 0)
    assert [entry.object_id for entry in LogEntry.objects.all()] == ["toy"] * 3
    assert "The operator has paused it" not in Client().get("/sources/").content.decode()


def test_the_public_page_says_that_a_source_is_paused_by_hand(operator: Client) -> None:
    press(operator, "pause")
    assert "The operator has paused it" in Client().get("/sources/").content.decode()


def test_the_buttons_are_for_operators_who_post_with_a_token(
    operator: Client, onlooker: Callable[..., Client]
) -> None:
    address = f"{PAGE}toy/control/"
    client = onlooker("source")
    assert buttons(client.get(PAGE).content.decode()) == {}
    assert client.post(address, {"do": "pause"}).status_code == 403
    assert onlooker_of_nothing(client).get(PAGE).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    assert strict.post(address, {"do": "pause"}).status_code == 403
    assert Client().post(address, {"do": "pause"}).status_code == 302
    assert operator.get(address).status_code == 405
    assert operator.post(address, {"do": "explode"}).status_code == 404
    assert operator.post(f"{PAGE}nobody/control/", {"do": "pause"}).status_code == 404
    assert Source.objects.count() == 0


def onlooker_of_nothing(client: Client) -> Client:
    """The same person without any permission."""
    from django.contrib.auth.models import User

    User.objects.get(username="onlooker").user_permissions.clear()
    return client


def test_runs_are_listed_with_durations_and_filters(operator: Client) -> None:
    begun = timezone.now() - timedelta(hours=2)
    usual = {"created_at": begun, "started_at": begun, "finished_at": begun + timedelta(seconds=75)}
    factories.make_run("toy", **usual, fetch_seconds=61.2, map_seconds=0.25, store_seconds=3.04)
    long_ago = begun - timedelta(days=9)
    factories.make_run("other", state="failed", mode=Mode.CHANGES, created_at=long_ago)
    path = "/admin/aggregator/ingestrun/"
    told = plain(operator.get(path).content.decode())
    assert "1 min 15 s 3 created, 9 unchanged 0 12 0" in told
    assert "1 min 1 s · 0.2 s · 3.0 s" in told
    for query, shown in (
        *(("provider=toy", "toy"), ("state__exact=failed", "other"), ("mode=changes", "other")),
        (f"created_at__gte={begun:%Y-%m-%d}%2000:00:00%2B00:00", "toy"),
    ):
        html = operator.get(f"{path}?{query}").content.decode()
        rows = re.findall(r'<td class="field-provider">(\w+)</td>', html)
        assert rows == [shown], query


def test_the_page_takes_as_many_queries_whatever_happened(operator: Client) -> None:
    factories.make_source("toy")
    numbers = set()
    for wanted in (1, 3, 30):
        for _ in range(wanted):
            factories.make_run("toy", finished_at=timezone.now())
            factories.make_rejection("toy")
        with CaptureQueriesContext(connection) as asked:
            operator.get(PAGE)
        numbers.add(len(asked))
    assert len(numbers) == 1
