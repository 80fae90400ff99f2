"""The list of profiles: filters, fields, pages, and the headers that say how it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from providers.filmmakers.simulator.details import Writer
from providers.filmmakers.simulator.invented import Actor
from providers.simulation.documents import Row
from providers.simulation.simulator import Headers

_FIELDS = {
    "seed": ("age", "gender", "first_name", "last_name", "name", "professions", "languages", "representative",
             "updated_at"),
    "current": ("age", "gender", "first_name", "last_name", "name", "professions", "languages", "representative",
                "updated_at", "gender_new", "main_profession"),
}  # fmt: skip
_ISO = {"deu": "deutsch", "eng": "englisch", "fra": "franzosisch", "ita": "italienisch", "pol": "polnisch"}

Query = Mapping[str, str]


def number(text: str | None, default: int) -> int:
    """A whole number of a query; what is none counts as not given."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 15 else default


def matching(writer: Writer, query: Query, scope: Callable[[Actor], bool]) -> list[Actor]:
    """Who is asked for, in order."""
    found = [each for each in writer.catalogue.listed() if scope(each)]
    since = query.get("updated_at[gte]", "")
    if since.isdigit():
        earliest = datetime.fromtimestamp(number(since, 0), UTC)
        found = [each for each in found if writer.catalogue.touched(each) >= earliest]
    if gender := query.get("gender"):
        found = [each for each in found if _is_of(gender, writer.common(each))]
    if writer.current:
        found = _narrowed(writer, query, found)
    order = query.get("order", "id")
    if order in ("name", "last_name"):
        found.sort(key=lambda each: (str(writer.common(each)[order]), each.id))
    return found[::-1] if writer.current and query.get("direction") == "desc" else found


def _is_of(gender: str, row: Row) -> bool:
    """Whether the short word or, in the newer state, the long one fits."""
    return gender in (row["gender"], row.get("gender_new"))


def _narrowed(writer: Writer, query: Query, found: list[Actor]) -> list[Actor]:
    """The filters of the newer state. Languages are taken together, which is a guess."""
    if languages := query.get("languages"):
        wanted = {_ISO.get(code.strip(), code) for code in languages.split(",")}
        found = [each for each in found if wanted <= set(_mapping(writer.common(each)["languages"]))]
    if text := query.get("q", "").casefold():
        found = [each for each in found if text in str(writer.common(each)["name"]).casefold()]
    low, high = number(query.get("acting_age[gte]"), 0), number(query.get("acting_age[lte]"), 999)
    if (low, high) != (0, 999):
        year = writer.world.day().year
        found = [each for each in found if year - each.born - 5 <= high and year - each.born + 4 >= low]
    return found


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def row(writer: Writer, found: Actor, query: Query) -> Row:
    """One row with the fields asked for; its id always."""
    allowed = _FIELDS["current" if writer.current else "seed"]
    asked = [name.strip() for name in query.get("fields", "name,gender").split(",")]
    common = writer.common(found)
    made: Row = {"id": found.id} | {name: common[name] for name in asked if name in allowed}
    if query.get("include_picture") == "true":
        picture = _main_picture(writer, found)
        versions = _mapping(picture.get("versions"))
        made["main_picture_url_tile"] = versions.get("thumb")
        if version := query.get("picture_version"):
            made["picture_url"] = versions.get(version)
        made["picture_copyright"] = picture.get("copyright")
    return made


def _main_picture(writer: Writer, found: Actor) -> Mapping[str, object]:
    pictures = writer.profile(found)["pictures"]
    return pictures[0] if isinstance(pictures, list) and pictures else {}


def page_headers(url: str, query: Query, total: int, size: int, page: int) -> Headers:
    """Total, page size, and links to other pages where there are any."""
    headers: list[tuple[str, str]] = [("Total", str(total)), ("Per-Page", str(size))]
    last = max(1, -(-total // size))
    relations: list[tuple[str, int]] = []
    if page > 1:
        relations += [("first", 1), ("prev", page - 1)]
    if page != last and last > 1:
        relations += [("last", last), ("next", page + 1)]
    links = (f'<{_address(url, query, at)}>; rel="{name}"' for name, at in relations)
    if text := ", ".join(links):
        headers.append(("Link", text))
    return tuple(headers)


def _address(url: str, query: Query, page: int) -> str:
    return f"{url}?{urlencode(sorted({**query, 'page': str(page)}.items()))}"


def encoded(rows: Iterable[Row]) -> str:
    """A bare array."""
    return json.dumps(list(rows), separators=(",", ":"), ensure_ascii=False)
