"""The Stockholm International Film Festival: festivals, sections, films, venues and events of its public API
v1.
"""

from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from aggregator.http import Limits
from aggregator.provider import Provider, ProviderConfig, Schedule, clean_base_url
from aggregator.vocabulary import Mode
from providers.sff import client, mapping


class SffConfig(ProviderConfig):
    """``base_url`` with the version in it; ``site_url`` the festival's own site, where users log in.

    ``api_key`` is all that reading the programme needs. ``api_password`` is used to link a user's account;
    without it linking is off. ``format`` is the format that answers are asked for in. Calls that carry a user's token
    or card number go over HTTPS, whatever ``base_url`` says, unless ``allow_plaintext_tokens`` is set.
    """

    secrets: ClassVar[tuple[str, ...]] = ("api_key", "api_password")
    credentials: ClassVar[tuple[str, ...]] = ("api_key",)

    base_url: str = "http://api.stockholmfilmfestival.se/v1/"
    site_url: str = "https://www.stockholmfilmfestival.se/"
    api_key: SecretStr = SecretStr("")
    api_password: SecretStr = SecretStr("")
    format: Literal["json", "xml", "csv"] = "json"
    allow_plaintext_tokens: bool = False

    @field_validator("base_url")
    @classmethod
    def _documented_over_plain_http(cls, value: str) -> str:
        return clean_base_url(value, plain_http=True)

    @field_validator("site_url")
    @classmethod
    def _over_https(cls, value: str) -> str:
        return clean_base_url(value)

    @field_validator("api_key")
    @classmethod
    def _one_word(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if not key.isascii() or any(letter.isspace() or not letter.isprintable() for letter in key):
            raise ValueError("an API key is one word of ASCII letters and digits")
        return value

    @field_validator("api_password")
    @classmethod
    def _belongs_to_a_key(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        key = info.data.get("api_key")
        if value.get_secret_value() and isinstance(key, SecretStr) and not key.get_secret_value():
            raise ValueError("this is set, but there is no API key that it belongs to")
        return value

    @field_validator("format", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        lowered = value.strip().lower() if isinstance(value, str) else value
        if lowered not in ("json", "xml", "csv"):
            raise ValueError("the format is one of json, xml and csv")
        return lowered

    def origins(self) -> tuple[str, ...]:
        return (self.base_url, self.site_url)

    def binding(self) -> str:
        """The key. Not the format: an item says the same in each."""
        return self.api_key.get_secret_value()


PROVIDER = Provider(
    slug="sff",
    name="Stockholms filmfestival",
    homepage="https://www.stockholmfilmfestival.se/",
    attribution="Program från Stockholms filmfestival",
    config=SffConfig,
    schedules=(
        Schedule(Mode.AVAILABILITY, timedelta(minutes=15)),
        Schedule(Mode.CHANGES, timedelta(hours=1)),
        Schedule(Mode.FULL, timedelta(days=1)),
    ),
    fetch=client.fetch,
    map=mapping.map_document,
    # A list of 100,000 events takes some 100 MiB as XML.
    limits=Limits(connect=10, read=60, total=120.0, max_bytes=160 * 1024 * 1024),
    never_store=("myfestivalHaveTicket",),
)
