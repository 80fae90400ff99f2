"""Single values as the API writes them, and what objects of all kinds say in the same way."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from aggregator.addresses import absolute, api_path, web_link
from aggregator.admission import text_of_html
from aggregator.api.fields import ID, LINK, MAYBE_LINK, MOMENT, TEXT, Field, Json, Row, Schema

COMMON_COLUMNS = ("id", "provider", "external_id", "url", "updated_at", "withdrawn_at")
LISTED: Schema = {"type": "string", "enum": ["listed", "withdrawn"]}
_EXAMPLE_SITE = "https://events.example"


def common_fields(
    kind: str, page: str, status: Schema = LISTED, status_example: str = "listed"
) -> tuple[Field, ...]:
    """The fields that every object of *kind* begins with; *page* is the path of its example's page."""
    return (
        Field("id", ID, "Our id. It is never reused and does not change.", 4711),
        Field("url", LINK, "The page for people on this site.", _EXAMPLE_SITE + page),
        Field("api_url", LINK, "This object in the API.", f"{_EXAMPLE_SITE}{api_path(kind, 4711)}"),
        Field("provider", TEXT, "Slug of the provider that published it.", "lantern"),
        Field("external_id", TEXT, "The provider's own id; unique within the provider.", "17042"),
        Field("source_url", MAYBE_LINK, "The provider's page about it.", "https://provider.example/17042"),
        Field("attribution", TEXT, "The line to show beside it.", "Programme from Lantern"),
        Field("updated_at", MOMENT, "When its content last changed here.", "2026-11-20T08:15:00Z"),
        Field("status", status, "What has become of it.", status_example),
    )


def common(row: Row, kind: str, page: str, status: str = "") -> Json:
    """The values of ``common_fields``; *status* is by default ``listed`` or ``withdrawn``."""
    return {
        "id": row["id"],
        "url": absolute(page),
        "api_url": absolute(api_path(kind, row["id"])),
        "provider": row["provider"],
        "external_id": row["external_id"],
        "source_url": web_link(row["url"]) or None,
        "attribution": attribution(row["provider"]),
        "updated_at": utc(row["updated_at"]),
        "status": status or ("withdrawn" if row["withdrawn_at"] else "listed"),
    }


@lru_cache(maxsize=64)
def attribution(provider: str) -> str:
    """The line that a provider asks to be named with; its slug where it is no longer installed."""
    configured = settings.PROVIDERS.get(provider)
    return text_of_html(configured.provider.attribution) if configured else provider


def money(amount: Any) -> str | None:
    """An amount with two decimals, as text: binary fractions are no money."""
    return None if amount is None else f"{amount:.2f}"


def utc(moment: datetime | None) -> str | None:
    """A moment in UTC, to the second."""
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """A moment with the offset that *zone* has then, to the second."""
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; UTC for one that is not known."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")


def links(given: Any) -> Json:
    """Those of a map of labels to addresses that are web addresses."""
    return {label: url for label, url in given.items() if web_link(url)}


def trailers(given: Any) -> list[Json]:
    """Those trailers whose address is a web address."""
    return [
        {"url": one["url"], "label": str(one.get("label") or "")} for one in given if web_link(one.get("url"))
    ]
