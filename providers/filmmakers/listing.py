"""The list of profiles, page by page: all page data is in headers, and pages move while they are read.

Ordered by id. What is behind an id that was reached is never skipped: where the list has shrunk meanwhile, or where
a reading goes on in another process, the page before is read again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from aggregator.http import FetchError, Response, faults
from aggregator.provider import Visit
from aggregator.readers import ReadError
from providers.filmmakers.reading import content, get, identifier

PATH: Final = "actor_profiles"
#: All that is asked of a profile before it is known to be wanted; unknown names are ignored upstream.
FIELDS: Final = "updated_at,age,professions,main_profession"

_MOST_PAGES: Final = 100_000


@dataclass(frozen=True)
class Page:
    """One page. *total* and *size* are None where upstream did not say; *following* is "" at the end."""

    number: int
    rows: list[Any]
    total: int | None
    size: int | None
    following: str

    @property
    def first(self) -> int:
        """The lowest id on it; 0 for none."""
        return min(filter(None, map(row_id, self.rows)), default=0)


def row_id(row: object) -> int | None:
    """A row's id, None where it cannot be read."""
    return identifier(row.get("id")) if isinstance(row, Mapping) else None


def pages(visit: Visit, since: int | None, start: int, after: int) -> Iterator[Page]:
    """The pages from number *start* on, earlier ones first where *after* is no longer on them.

    *since*: Unix seconds, or None for the whole list. Raises ``FetchError``; a page that is no list is ``wrong_root``.
    """
    page = _from(visit, since, max(1, start), after)
    total = page.total
    while True:
        yield page
        number = _next_number(page)
        if number is None:
            return
        if number > _MOST_PAGES:
            raise FetchError(faults.UNEXPECTED_STATUS, detail="a list without an end")
        page = _read(visit, page.following, {}, number)
        if page.total is not None and total is not None and page.total < total and page.number > 1:
            # Somebody left: what was to come has moved up, maybe onto the page that was read.
            yield _read(visit, _url(visit), _query(since, page.number - 1), page.number - 1)
        total = page.total


def _from(visit: Visit, since: int | None, number: int, after: int) -> Page:
    """The page to go on from: the first one asked for, or an earlier one that still begins before *after*."""
    while True:
        page = _read(visit, _url(visit), _query(since, number), number)
        if number == 1 or (page.rows and page.first <= after):
            return page
        number -= 1


def _next_number(page: Page) -> int | None:
    """The number of the page that follows; None by any of the rules that end a list."""
    if not page.following or not page.rows:
        return None
    number = _page_of(page.following) or page.number + 1
    if number <= page.number:
        return None
    if page.total is not None and page.size and page.number >= -(-page.total // page.size):
        return None
    return number


def _read(visit: Visit, url: str, query: Mapping[str, str], number: int) -> Page:
    with get(visit, url, query) as response:
        rows = content(response.content())
        if not isinstance(rows, list):
            raise ReadError(faults.WRONG_ROOT, detail="no list of profiles")
        return Page(
            number,
            rows,
            _count(response, "Total"),
            _count(response, "Per-Page"),
            _following(visit, url, response.headers.get("Link", "")),
        )


def _following(visit: Visit, url: str, header: str) -> str:
    """The address behind ``rel="next"``, "" for none. The key goes to the same origin alone."""
    target = links(header).get("next", "")
    if not target:
        return ""
    target = urljoin(url, target)
    if _origin(target) != _origin(visit.config.base_url):
        raise FetchError(faults.REDIRECT_REFUSED, detail="the list goes on elsewhere")
    return target


def links(header: str) -> dict[str, str]:
    """RFC 8288: relation in lower case → address. Of a relation that stands twice the first counts."""
    found: dict[str, str] = {}
    rest = header
    while "<" in rest:
        target, _, rest = rest.partition("<")[2].partition(">")
        parameters, rest = _parameters(rest)
        for relation in parameters.get("rel", "").lower().split():
            found.setdefault(relation, target.strip())
    return found


def _parameters(text: str) -> tuple[dict[str, str], str]:
    """The parameters up to the comma that ends a link, and what follows it. Quoted values may hold both signs."""
    found: dict[str, str] = {}
    name = value = ""
    quoted = escaped = named = False
    for place, sign in enumerate(f"{text},"):
        if escaped or (quoted and sign not in '"\\'):
            value, escaped = value + sign, False
        elif quoted and sign == "\\":
            escaped = True
        elif sign == '"':
            quoted = not quoted
        elif sign in ";,":
            if name.strip():
                found.setdefault(name.strip().lower(), value.strip())
            name, value, named = "", "", False
            if sign == ",":
                return found, text[place + 1 :]
        elif sign == "=" and not named:
            named = True
        elif named:
            value += sign
        else:
            name += sign
    return found, ""


def _url(visit: Visit) -> str:
    return f"{visit.config.base_url}{PATH}"


def _query(since: int | None, number: int) -> dict[str, str]:
    query = {"fields": FIELDS, "order": "id", "page": str(number)}
    return query if since is None else {**query, "updated_at[gte]": str(since)}


def _page_of(url: str) -> int | None:
    return identifier((parse_qs(urlsplit(url).query).get("page") or [""])[-1])


def _count(response: Response, name: str) -> int | None:
    value = response.headers.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 12 else None


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; an address that cannot be read has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", "", 0
    return parts.scheme, parts.hostname or "", port or {"http": 80, "https": 443}.get(parts.scheme, 0)
