"""The registry: finding providers and reading their settings from the environment."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import providers
from aggregator.provider import ConfigurationError, clean_base_url
from providers import registry

SIXTH = """
    from collections.abc import Iterator, Sequence
    from typing import Any, ClassVar

    from pydantic import field_validator, model_validator

    from aggregator.provider import Batch, Document, Provider, ProviderConfig, Visit
    from aggregator.records import Record


    class Config(ProviderConfig):
        secrets: ClassVar[tuple[str, ...]] = ("password",)
        credentials: ClassVar[tuple[str, ...]] = ("username", "password")

        base_url: str = "https://sixth.example/"
        username: str = ""
        password: str = ""
        pages: int = 3

        @field_validator("password")
        @classmethod
        def long_enough(cls, value: str) -> str:
            if value and len(value) < 8:
                raise ValueError(f"{value} is shorter than eight characters")
            return value

        @model_validator(mode="after")
        def not_the_same(self) -> "Config":
            if self.username and self.username == self.password:
                raise ValueError("the password is the user name")
            return self

        def origins(self) -> tuple[str, ...]:
            return (self.base_url,)

        def binding(self) -> str:
            return self.username


    def fetch(visit: Visit) -> Iterator[Batch]:
        yield Batch()


    def to_records(document: Document, config: Any) -> Sequence[Record]:
        return []


    PROVIDER = Provider(
        slug="sixth", name="Sixth", homepage="", attribution="", config=Config, schedules=(),
        fetch=fetch, map=to_records,
    )
"""

WriteProvider = Callable[[str, str], None]


@pytest.fixture
def write_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteProvider]:
    """Writes a package into a folder of its own on ``providers.__path__``."""
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    written: list[str] = []

    def write(name: str, source: str) -> None:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(textwrap.dedent(source), encoding="utf-8")
        written.append(name)

    yield write
    for name in written:
        sys.modules.pop(f"providers.{name}", None)
        providers.__dict__.pop(name, None)


@pytest.fixture
def sixth(write_provider: WriteProvider) -> None:
    write_provider("sixth", SIXTH)


COMPLETE = {"PROVIDER_SIXTH_USERNAME": "iris", "PROVIDER_SIXTH_PASSWORD": "long enough"}


def refusal(environ: dict[str, str]) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        registry.configure(environ)
    assert "\n" not in str(caught.value)
    assert str(caught.value) == f"{caught.value.variable}: {caught.value.sentence}"
    return caught.value


def test_every_provider_bears_the_name_of_its_folder() -> None:
    found = registry.discover()
    assert "kulturbiljetter" in found
    assert [provider.slug for provider in found.values()] == list(found)


@pytest.mark.usefixtures("sixth")
def test_a_sixth_provider_is_one_new_folder() -> None:
    found = registry.discover()
    assert found["sixth"].name == "Sixth"
    configured = registry.configure(COMPLETE)["sixth"]
    assert configured.config is not None
    assert configured.config.binding() == "iris"


def test_a_package_without_a_provider_value_is_no_provider(write_provider: WriteProvider) -> None:
    write_provider("drawer", "SOMETHING = 1")
    assert "drawer" not in registry.discover()


@pytest.mark.parametrize("room", ["simulation", "management"])
def test_the_other_rooms_are_not_imported(room: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / room).mkdir()
    (tmp_path / room / "__init__.py").write_text("raise AssertionError('imported')", encoding="utf-8")
    monkeypatch.setattr(providers, "__path__", [str(tmp_path)])
    assert registry.discover() == {}


def test_a_provider_under_another_slug_is_a_mistake(write_provider: WriteProvider) -> None:
    write_provider("seventh", SIXTH)
    with pytest.raises(TypeError, match="seventh"):
        registry.discover()


def test_a_provider_value_of_another_type_is_a_mistake(write_provider: WriteProvider) -> None:
    write_provider("eighth", "PROVIDER = 'eighth'")
    with pytest.raises(TypeError, match="eighth"):
        registry.discover()


@pytest.mark.usefixtures("sixth")
def test_nothing_set_is_no_credentials_and_says_which_variables() -> None:
    configured = registry.configure({})["sixth"]
    assert configured.config is None
    assert configured.missing == "no credentials: PROVIDER_SIXTH_USERNAME and PROVIDER_SIXTH_PASSWORD not set"


@pytest.mark.usefixtures("sixth")
def test_empty_values_count_as_unset() -> None:
    environ = {"PROVIDER_SIXTH_USERNAME": "", "PROVIDER_SIXTH_PASSWORD": "  ", "PROVIDER_SIXTH_BASE_URL": ""}
    assert registry.configure(environ)["sixth"].config is None
    config = registry.configure(environ | COMPLETE)["sixth"].config
    assert config is not None
    assert config.origins() == ("https://sixth.example/",)


@pytest.mark.usefixtures("sixth")
def test_a_user_name_without_password_names_the_password() -> None:
    error = refusal({"PROVIDER_SIXTH_USERNAME": "iris"})
    assert str(error) == "PROVIDER_SIXTH_PASSWORD: this is not set, but PROVIDER_SIXTH_USERNAME is"


@pytest.mark.usefixtures("sixth")
def test_an_unknown_slug_is_refused_with_the_known_ones() -> None:
    error = refusal({"PROVIDER_SIXHT_USERNAME": "iris"})
    assert error.variable == "PROVIDER_SIXHT_USERNAME"
    assert "KULTURBILJETTER" in error.sentence
    assert "SIXTH" in error.sentence
    assert "iris" not in str(error)


@pytest.mark.usefixtures("sixth")
def test_an_unknown_field_is_refused_with_the_known_ones() -> None:
    error = refusal({"PROVIDER_SIXTH_PASWORD": "hemligt ord"})
    assert error.variable == "PROVIDER_SIXTH_PASWORD"
    assert "did you mean PASSWORD?" in error.sentence
    assert "BASE_URL, USERNAME, PASSWORD, PAGES" in error.sentence
    assert "hemligt" not in str(error)


@pytest.mark.usefixtures("sixth")
def test_a_value_of_the_wrong_type_names_its_variable() -> None:
    error = refusal(COMPLETE | {"PROVIDER_SIXTH_PAGES": "many"})
    assert error.variable == "PROVIDER_SIXTH_PAGES"
    assert "integer" in error.sentence


@pytest.mark.usefixtures("sixth")
def test_a_refused_secret_is_not_repeated() -> None:
    error = refusal(COMPLETE | {"PROVIDER_SIXTH_PASSWORD": "kort"})
    assert str(error) == "PROVIDER_SIXTH_PASSWORD: … is shorter than eight characters"
    assert error.__suppress_context__


@pytest.mark.usefixtures("sixth")
def test_a_mistake_of_several_settings_names_their_provider() -> None:
    error = refusal(
        {"PROVIDER_SIXTH_USERNAME": "the same words", "PROVIDER_SIXTH_PASSWORD": "the same words"}
    )
    assert str(error) == "PROVIDER_SIXTH_*: the password is the user name"


@pytest.mark.usefixtures("sixth")
def test_the_longest_slug_that_fits_owns_a_variable(write_provider: WriteProvider) -> None:
    write_provider("sixth_hall", SIXTH.replace('slug="sixth"', 'slug="sixth_hall"'))
    found = registry.configure(
        {"PROVIDER_SIXTH_HALL_USERNAME": "a", "PROVIDER_SIXTH_HALL_PASSWORD": "long enough"}
    )
    assert found["sixth"].config is None
    assert found["sixth_hall"].config is not None


@pytest.mark.usefixtures("sixth")
def test_other_variables_are_left_alone() -> None:
    assert registry.configure({"PROVIDERS": "x", "PATH": "y"})["sixth"].config is None


def test_a_base_url_ends_in_one_slash() -> None:
    assert clean_base_url("https://api.example/v2") == "https://api.example/v2/"
    assert clean_base_url("https://api.example/v2//") == "https://api.example/v2/"


@pytest.mark.parametrize(
    "value",
    ["http://127.0.0.1:8001/x/", "http://localhost:8001/x/", "http://[::1]:8001/x/", "http://127.9.9.9/x/"],
)
def test_plain_http_is_for_loopback(value: str) -> None:
    assert clean_base_url(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "http://api.example/",
        "http://localhost.example/",
        "http://10.0.0.1/",
        "api.example/v2",
        "ftp://api.example/",
        "https:///v2",
        "https://user:password@api.example/",
        "https://api.example:port/",
        "https://[api.example/",
        "https://api.example/?version=2",
        "https://api.example/#v2",
        "https://api.example/a b/",
    ],
)
def test_what_is_no_base_url_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(ValueError, match=r"URL|https") as caught:
        clean_base_url(value)
    assert value not in str(caught.value)
