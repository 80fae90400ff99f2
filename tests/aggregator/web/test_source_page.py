"""How the providers are doing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from aggregator.provider import Configured, Provider, ProviderConfig, Schedule
from aggregator.transport.faults import REASONS as FETCH_REASONS
from aggregator.vocabulary import Mode
from aggregator.web.reasons import REASONS, sentence
from tests import factories

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


class Config(ProviderConfig):
    """A configuration with a secret."""

    api_key: str = ""


def provider(slug: str, name: str) -> Provider:
    return Provider(
        slug=slug,
        name=name,
        homepage=f"https://{slug}.example/",
        attribution=name,
        config=Config,
        schedules=(Schedule(Mode.FULL, timedelta(days=1)),),
        fetch=lambda visit: iter(()),
        map=lambda document, config: (),
    )


@pytest.fixture(autouse=True)
def _two_providers(settings: Settings) -> None:
    missing = "no credentials: PROVIDER_SOWPROG_USERNAME and PROVIDER_SOWPROG_PASSWORD not set"
    settings.PROVIDERS = {
        "sff": Configured(provider("sff", "Filmfesten"), Config(api_key="top-secret-key")),
        "sowprog": Configured(provider("sowprog", "Sowprog"), None, missing),
    }


def test_a_provider_without_credentials_says_which_variables_to_set(page: Page) -> None:
    html = page("/sources/")
    assert "No credentials" in html
    assert "PROVIDER_SOWPROG_USERNAME and PROVIDER_SOWPROG_PASSWORD not set" in html


def test_a_provider_that_was_never_read_says_so(page: Page) -> None:
    html = page("/sources/")
    assert "Never read yet" in html
    assert "top-secret-key" not in html


def test_a_healthy_run_is_told_with_its_counts(page: Page) -> None:
    factories.make_source()
    factories.make_run(fetched=1234, rejected=2)
    factories.make_rejection()
    factories.make_rejection()
    factories.make_showing()
    html = page("/sources/").replace("\xa0", " ")
    for words in (
        *(
            "Up to date and waiting",
            "5 minutes ago",
            "healthy",
            '<td class="number">1234</td>',
            "missing_field",
        ),
        *("A field that is needed was missing.", "in 23 hours"),
    ):
        assert words in html, words


def test_a_failure_is_told_in_a_sentence_and_without_its_message(page: Page) -> None:
    factories.make_source(state="backing_off", reason="read_timeout", failures=2, message="Traceback: secret")
    factories.make_run(state="failed", reason="read_timeout", message="Traceback: secret")
    html = page("/sources/")
    assert "The last run failed" in html
    assert "The server stopped sending." in html
    assert "Traceback" not in html


def test_a_held_run_says_what_waits_and_how_to_let_it_go(page: Page) -> None:
    factories.make_source()
    held: list[dict[str, Any]] = [
        {"kind": "showing", "id": 1, "title": "Vildsvin", "starts_at": "2026-11-25T18:00:00+00:00"},
        {"kind": "event", "id": 2, "title": "<b>Älven</b>"},
    ]
    factories.make_run(state="held", reason="too_many_withdrawn", held=held, held_count=40)
    html = page("/sources/")
    assert "40 rows wait to be withdrawn" in html
    assert "Vildsvin · 2026-11-25" in html
    assert "&lt;b&gt;Älven" in html
    assert "manage.py ingest sff --full --force" in html
    factories.make_run()
    assert "wait to be withdrawn" not in page("/sources/")


def test_every_reason_of_the_http_client_has_a_sentence_and_an_unknown_one_is_shown() -> None:
    assert set(FETCH_REASONS) <= set(REASONS)
    assert sentence("something_new") == "something_new"


def test_the_number_of_queries_does_not_grow_with_runs_and_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_source()
    for wanted in (1, 3, 30):
        for _ in range(wanted):
            factories.make_run()
            factories.make_rejection()
            factories.make_showing()
        with django_assert_num_queries(14):
            client.get("/sources/")
