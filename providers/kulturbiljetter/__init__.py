"""Kulturbiljetter, a Swedish ticket shop: events, dates, venues and seats from its Events API v2 or v3."""

from datetime import timedelta
from typing import ClassVar

from pydantic import SecretStr, field_validator

from aggregator.provider import Provider, ProviderConfig, Schedule, clean_base_url
from aggregator.vocabulary import Mode
from providers.kulturbiljetter import client, mapping


class Config(ProviderConfig):
    """``base_url`` with the version in it, ``api_key`` as the shop gives it on request."""

    secrets: ClassVar[tuple[str, ...]] = ("api_key",)
    credentials: ClassVar[tuple[str, ...]] = ("api_key",)

    base_url: str = "https://kulturbiljetter.se/api/v2/"
    api_key: SecretStr = SecretStr("")

    @field_validator("base_url")
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

    def origins(self) -> tuple[str, ...]:
        return (self.base_url,)

    def binding(self) -> str:
        return self.api_key.get_secret_value()


PROVIDER = Provider(
    slug="kulturbiljetter",
    name="Kulturbiljetter",
    homepage="https://kulturbiljetter.se/",
    attribution="Evenemang från Kulturbiljetter",
    config=Config,
    schedules=(
        Schedule(Mode.AVAILABILITY, timedelta(minutes=15)),
        Schedule(Mode.CHANGES, timedelta(hours=1)),
        Schedule(Mode.FULL, timedelta(days=1)),
    ),
    fetch=client.fetch,
    map=mapping.to_records,
)
