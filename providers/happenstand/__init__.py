"""Happenstand, a guide to the arts of the San Francisco Bay Area: events, places and people from its API v1."""

from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import SecretStr, field_validator

from aggregator.http import Limits
from aggregator.provider import Provider, ProviderConfig, Schedule, clean_base_url
from aggregator.vocabulary import Mode
from providers.happenstand import client, mapping


class Config(ProviderConfig):
    """``base_url`` with the version in it; ``api_key`` as Happenstand gives it by mail, sent in the query.

    ``format`` is the format that answers are asked for in. ``all_day_end`` says what the end of an all-day event
    means: the midnight after its last day (``exclusive``, what all evidence points to) or the last day itself.
    """

    secrets: ClassVar[tuple[str, ...]] = ("api_key",)
    credentials: ClassVar[tuple[str, ...]] = ("api_key",)

    base_url: str = "http://api.happenstand.com/v1/"
    api_key: SecretStr = SecretStr("")
    format: Literal["json", "xml"] = "json"
    all_day_end: Literal["exclusive", "inclusive"] = "exclusive"

    @field_validator("base_url")
    @classmethod
    def _documented_over_plain_http(cls, value: str) -> str:
        return clean_base_url(value, plain_http=True)

    @field_validator("api_key")
    @classmethod
    def _one_word(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if not key.isascii() or any(letter.isspace() or not letter.isprintable() for letter in key):
            raise ValueError("an API key is one word of ASCII letters and digits")
        return value

    @field_validator("format", mode="before")
    @classmethod
    def _format(cls, value: object) -> object:
        return _chosen(value, ("json", "xml"), "the format is json or xml")

    @field_validator("all_day_end", mode="before")
    @classmethod
    def _all_day_end(cls, value: object) -> object:
        return _chosen(value, ("exclusive", "inclusive"), "the end of a whole day is exclusive or inclusive")

    def origins(self) -> tuple[str, ...]:
        return (self.base_url,)

    def binding(self) -> str:
        """The key. Not the format: an item says the same in both."""
        return self.api_key.get_secret_value()


def _chosen(value: object, words: tuple[str, ...], sentence: str) -> object:
    lowered = value.strip().lower() if isinstance(value, str) else value
    if lowered not in words:
        raise ValueError(sentence)
    return lowered


PROVIDER = Provider(
    slug="happenstand",
    name="Happenstand",
    homepage="https://www.happenstand.com/",
    attribution="Bay Area arts events from Happenstand",
    config=Config,
    schedules=(Schedule(Mode.CHANGES, timedelta(hours=1)), Schedule(Mode.FULL, timedelta(days=1))),
    fetch=client.fetch,
    map=mapping.to_records,
    # Lists without an upper limit: the API is slow to make them, and they can be long.
    limits=Limits(connect=10, read=60, total=240),
)
