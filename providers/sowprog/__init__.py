"""Sowprog, a French service for venues and festivals: concerts, clubbing, artists and places of its agenda API
v1_2.
"""

from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import SecretStr, field_validator

from aggregator.http import Limits
from aggregator.provider import Provider, ProviderConfig, Schedule, clean_base_url
from aggregator.vocabulary import Mode
from providers.sowprog import client, mapping
from providers.sowprog.criteria import Pairs, parsed, query


class SowprogConfig(ProviderConfig):
    """``base_url`` with the version in it; ``username`` and ``password`` as Sowprog gives them by mail.

    ``format`` is the format that answers are asked for in. ``criteria`` keeps to a part of the agenda, written
    as in a URL: ``location.contact.department=75&location.contact.department=92``.
    """

    secrets: ClassVar[tuple[str, ...]] = ("password",)
    credentials: ClassVar[tuple[str, ...]] = ("username", "password")

    base_url: str = "https://agenda.sowprog.com/rest/v1_2/"
    username: str = ""
    password: SecretStr = SecretStr("")
    format: Literal["json", "xml"] = "json"
    criteria: str = ""

    @field_validator("base_url")
    @classmethod
    def _over_https(cls, value: str) -> str:
        return clean_base_url(value)

    @field_validator("username")
    @classmethod
    def _fit_for_the_header(cls, value: str) -> str:
        if ":" in value or not value.isprintable():
            raise ValueError("a user name holds no colon and no control characters")
        return value

    @field_validator("password")
    @classmethod
    def _printable(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().isprintable():
            raise ValueError("a password holds no control characters")
        return value

    @field_validator("format", mode="before")
    @classmethod
    def _in_lower_case(cls, value: object) -> object:
        lowered = value.strip().lower() if isinstance(value, str) else value
        if lowered not in ("json", "xml"):
            raise ValueError("the format is one of json and xml")
        return lowered

    @field_validator("criteria")
    @classmethod
    def _well_formed(cls, value: str) -> str:
        return query(parsed(value))

    def origins(self) -> tuple[str, ...]:
        return (self.base_url,)

    def binding(self) -> str:
        """The account and the criteria, whatever their order. Not the format: a record says the same in both."""
        return "\0".join((self.username, *sorted(query([pair]) for pair in self.pairs())))

    def pairs(self) -> Pairs:
        """The criteria as property and value."""
        return parsed(self.criteria)


PROVIDER = Provider(
    slug="sowprog",
    name="Sowprog",
    homepage="https://www.sowprog.com/",
    attribution="Programmation fournie par Sowprog",
    config=SowprogConfig,
    schedules=(
        Schedule(Mode.AVAILABILITY, timedelta(minutes=15)),
        Schedule(Mode.CHANGES, timedelta(hours=1)),
        Schedule(Mode.FULL, timedelta(days=1)),
    ),
    fetch=client.fetch,
    map=mapping.map_document,
    # The whole agenda comes in one body, some 12 kB an event; its makers are known to take a minute for it.
    limits=Limits(connect=10, read=120, total=900, max_bytes=192 * 1024 * 1024),
    never_publish=("location.contact.email", "contact.email"),
)
