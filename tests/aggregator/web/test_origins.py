"""Every page says whose data it shows, with a link, and how old it is."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from aggregator.provider import Configured, Provider, ProviderConfig, Schedule
from aggregator.vocabulary import Mode
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


def provider(slug: str, name: str) -> Provider:
    return Provider(
        slug=slug,
        name=name,
        homepage=f"https://{slug}.example/",
        attribution=name,
        config=ProviderConfig,
        schedules=(Schedule(Mode.FULL, timedelta(days=1)),),
        fetch=lambda visit: iter(()),
        map=lambda document, config: (),
    )


@pytest.fixture(autouse=True)
def _providers(settings: Settings) -> None:
    names = {"one": "Ettan & Co", "two": "Tvåan", "three": "Trean", "people": "Folket"}
    settings.PROVIDERS = {
        slug: Configured(provider(slug, name), ProviderConfig()) for slug, name in names.items()
    }
    for slug, minutes in {"one": 4, "two": 90, "three": 1, "people": 2}.items():
        factories.make_source(slug, last_good_at=NOW - timedelta(minutes=minutes))
    factories.make_person(provider="people")


def listing(html: str) -> str:
    """What stands in the lines of the programme."""
    return " ".join(re.findall(r'<li class="showing.*?</li>', html, re.DOTALL)).replace("\xa0", " ")


def foot(html: str) -> str:
    found = re.search(r'<p class="colophon-origins">(.*?)</p>', html, re.DOTALL)
    return found[1].replace("\xa0", " ") if found else ""


@pytest.mark.parametrize("path", ["/", "/events/"])
def test_every_listing_names_its_provider_with_link_and_age(page: Page, path: str) -> None:
    factories.make_showing(factories.make_event("Ikväll", provider="one"))
    factories.make_showing(factories.make_event("Ikväll igen", provider="two"))
    told = listing(page(path))
    one = '<a href="https://one.example/" rel="noopener nofollow">Ettan &amp; Co</a>, read 4 minutes ago'
    assert told.count(one) == 1
    assert told.count("Tvåan</a>, read 1 hour ago") == 1


def test_the_days_ahead_on_the_first_page_name_it_too(page: Page) -> None:
    factories.make_showing(factories.make_event(provider="one"), starts_at=NOW + timedelta(days=2))
    brief = re.search(r'<ol class="brief">(.*?)</ol>', page("/"), re.DOTALL)
    assert brief is not None
    assert "Ettan &amp; Co</a>, read 4" in brief[1]


def test_an_event_links_to_its_provider_and_to_itself_there(page: Page) -> None:
    event = factories.make_event("Ikväll", provider="one", url="https://one.example/e/1")
    factories.make_showing(event)
    html = page(f"/events/{event.pk}-ikvall/").replace("\xa0", " ")
    assert (
        'href="https://one.example/" rel="noopener nofollow">Ettan &amp; Co</a>, read 4 minutes ago' in html
    )
    assert 'href="https://one.example/e/1"' in html
    assert html.count("Ettan &amp; Co</a>, read") == 1


def test_the_foot_names_all_providers_that_there_is_something_of(page: Page) -> None:
    event = factories.make_event("Ikväll", provider="one")
    factories.make_showing(event)
    factories.make_event(provider="two")
    factories.hide(factories.make_event(provider="three"))
    for path in ("/", "/events/", f"/events/{event.pk}-ikvall/"):
        told = foot(page(path))
        assert re.sub(r"<[^>]+>", "", told) == (
            "Programme from Ettan &amp; Co (read 4 minutes ago), Tvåan (read 1 hour ago), "
            "Folket (read 2 minutes ago)"
        ), path
        assert 'href="https://two.example/"' in told


def test_a_provider_that_is_no_longer_installed_is_named_by_its_slug(page: Page) -> None:
    event = factories.make_event("Ikväll", provider="former")
    factories.make_showing(event)
    assert "former" in listing(page("/events/"))
    assert "Source: former" in page(f"/events/{event.pk}-ikvall/")


def test_no_foot_without_rows(page: Page, settings: Settings) -> None:
    settings.PROVIDERS = {}
    assert foot(page("/")) == ""


def test_no_template_names_a_provider() -> None:
    from providers import registry
    from tests.conftest import ROOT

    slugs = registry.discover()
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "aggregator").rglob("*.py")]:
        text = path.read_text(encoding="utf-8").casefold()
        for slug, known in slugs.items():
            assert known.name.casefold() not in text, (path, slug)
