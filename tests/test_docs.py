"""The documentation says what the code does: every variable both ways."""

import re

import pytest
from django.test import Client

from aggregator import environment
from aggregator.api import throttles
from aggregator.api.deprecations import NOTICE
from aggregator.api.formats import calendar
from aggregator.api.resources import RESOURCES
from aggregator.changes import feed
from aggregator.environment.files import parse_env_file
from aggregator.provider import Provider
from providers import registry
from tests.conftest import ROOT

CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
PROVIDERS = registry.discover()


def in_first_column(section: str) -> set[str]:
    """The variables that a section's table explains."""
    text = CONFIGURATION.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE))


def test_the_page_explains_exactly_the_variables_that_are_read() -> None:
    assert in_first_column("The site") == environment.names()


def test_every_row_of_the_page_has_default_meaning_and_example() -> None:
    rows = [line for line in CONFIGURATION.splitlines() if line.startswith("| `")]
    assert all(all(cell.strip() for cell in row.strip("|").split(" | ")) for row in rows)


def test_the_page_explains_exactly_the_variables_that_steer_the_tests() -> None:
    sources = [ROOT / "tests" / "conftest.py", ROOT / "tests" / "__main__.py"]
    read = set[str]()
    for source in sources:
        read |= set(re.findall(r'environ\.get\(\s*"([A-Z_]+)"', source.read_text(encoding="utf-8")))
    ours = {name for name in read if not name.startswith(("MARQUEE_", "PYTEST_"))} - {"TEST_REPORT"}
    assert in_first_column("Tests") == ours


def test_the_example_file_holds_exactly_the_variables_of_the_page() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    values = parse_env_file(
        "\n".join(line.removeprefix("# ") for line in lines if re.match(r"# [A-Z_]+=", line))
    )
    assert set(values) == environment.names() - {"ENV_FILE"}


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_a_provider_explains_exactly_its_own_variables(provider: Provider) -> None:
    text = (ROOT / "providers" / provider.slug / "README.md").read_text(encoding="utf-8")
    fields = {registry.variable_of(provider.slug, name) for name in provider.config.model_fields}
    assert set(re.findall(rf"\b{registry.variable_of(provider.slug, '')}[A-Z_]+\b", text)) == fields


API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_page_about_the_api_has_what_a_developer_looks_for() -> None:
    assert re.findall(r"^## (.*)$", API, flags=re.MULTILINE) == [
        "First call",
        "Sandbox",
        "Attribution",
        "Keep a mirror",
        "Forms other than JSON",
        "Conditional requests",
        "Keys and limits",
        "Webhooks",
        "What stays, and what may change",
    ]
    for word in ("make run", "attribution", "If-None-Match", "Retry-After", "deprecated: true", "Sunset"):
        assert word in API


def test_the_page_about_the_api_names_the_numbers_of_the_code() -> None:
    assert f"at least {NOTICE.days} days away" in API
    assert f"up to {calendar.MOST:,} showings" in API
    assert f"kept for {feed.KEPT.days} days" in API
    forms = {form for resource in RESOURCES.values() for form in (*resource.formats, *resource.alone)}
    assert set(re.findall(r"^\| `([a-z]+)` \|", API, flags=re.MULTILINE)) == forms - {"json"} | {"format"}
    assert throttles.KEY_MULTIPLE == 10
    assert "A key may ask ten times as often" in API


@pytest.mark.django_db
def test_the_addresses_that_the_page_about_the_api_calls_answer(client: Client) -> None:
    for address in re.findall(r"curl (?:-i )?'http://localhost:8000(/[^']*)'", API):
        assert client.get(address).status_code in (200, 404), address
