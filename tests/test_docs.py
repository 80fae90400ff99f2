"""The documentation says what the code does: every variable both ways."""

import re

import pytest

from aggregator import environment
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
