"""Filmmakers.eu: profiles of actors with skills, credits, pictures and showreels, and their agencies, from API v1."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from aggregator.http import Limits
from aggregator.provider import Provider, ProviderConfig, Schedule, clean_base_url
from aggregator.vocabulary import Mode
from providers.filmmakers import client, hook, mapping
from providers.filmmakers.privacy import NEVER_STORED


class FilmmakersConfig(ProviderConfig):
    """``base_url`` with the version in it; ``api_key`` as support gives it, which signs webhooks too.

    publish: ``none``, ``public`` (profiles marked public) or ``scope`` (all that the key may see).
    rotated_at, previous_api_key: when the key was changed, and the one before; it signs for a day more.
    hook_tolerance: seconds that a webhook's time may be off; 0 for any.
    """

    secrets: ClassVar[tuple[str, ...]] = ("api_key", "previous_api_key")
    credentials: ClassVar[tuple[str, ...]] = ("api_key",)

    base_url: str = "https://www.filmmakers.eu/api/v1/"
    api_key: SecretStr = SecretStr("")
    publish: Literal["none", "public", "scope"] = "none"
    rotated_at: datetime | None = None
    previous_api_key: SecretStr = SecretStr("")
    hook_tolerance: int = Field(default=300, ge=0)

    @field_validator("base_url")
    @classmethod
    def _over_https(cls, value: str) -> str:
        return clean_base_url(value)

    @field_validator("api_key", "previous_api_key")
    @classmethod
    def _one_word(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if not key.isascii() or any(sign in '",;\\' or not "!" <= sign <= "~" for sign in key):
            raise ValueError("an API key is one word of ASCII letters and digits")
        return value

    @field_validator("publish", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        lowered = value.strip().lower() if isinstance(value, str) else value
        if lowered not in ("none", "public", "scope"):
            raise ValueError("this is one of none, public and scope")
        return lowered

    @field_validator("rotated_at")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

    @field_validator("previous_api_key")
    @classmethod
    def _has_an_end(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if value.get_secret_value() and info.data.get("rotated_at") is None:
            raise ValueError("this is set, but not when the key was changed (ROTATED_AT)")
        return value

    def origins(self) -> tuple[str, ...]:
        return (self.base_url,)

    def binding(self) -> str:
        """The key, which decides what is listed, and what of it is published."""
        return f"{self.api_key.get_secret_value()} {self.publish}"


PROVIDER = Provider(
    slug="filmmakers",
    name="Filmmakers",
    homepage="https://www.filmmakers.eu/",
    attribution="Profiles from Filmmakers",
    config=FilmmakersConfig,
    schedules=(
        Schedule(Mode.CHANGES, timedelta(hours=1)),
        Schedule(Mode.FULL, timedelta(days=1)),
    ),
    fetch=client.fetch,
    map=mapping.to_records,
    # Requests are counted, so each is made by the client itself.
    limits=Limits(connect=10, read=30, total=90, max_bytes=16 * 1024 * 1024, attempts=1),
    never_store=NEVER_STORED,
    withdraws_people=True,
    hook=hook.read,
)
