"""One visit's calls: items of a list, pages, windows of days, details. Knows the API's traps with paging."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from aggregator.http import FetchError
from aggregator.provider import Refusal, Visit
from providers.happenstand import answers
from providers.happenstand.items import ITEM_NAMES, Item, identifier, lost_characters, normal, unreadable
from providers.happenstand.routes import Route

#: Rows per page, and pages per list: a server that never ends is not followed for ever.
PAGE: Final = 100
MOST_PAGES: Final = 2000
#: Days per window, and how many of its events a call may bring; as many as that and the window is taken apart.
WINDOW: Final = 28
MOST_OF_A_WINDOW: Final = 1000

Values = Mapping[str, str | int]


@dataclass
class Rows:
    """The rows of one list or of several, by id, in the order in which they came; the first of an id counts.

    *whole*: whether everything that there is was read. *refused*: rows whose id cannot be read.
    """

    kind: str
    found: dict[str, Item] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    whole: bool = True

    def take(self, items: list[Any]) -> list[str]:
        """Add rows; gives the ids that were new."""
        new = []
        for item in items:
            key = identifier(item)
            if not key:
                self.refused.append(unreadable(self.kind, item))
            elif key not in self.found:
                self.found[key] = item
                new.append(key)
        return new


@dataclass
class Reading:
    """What one visit reads with."""

    visit: Visit

    def items(self, route: Route, values: Values) -> list[Any]:
        """The items of a list in their normal form. Raises ``FetchError`` (``answers.UpstreamError``)."""
        members = normal(self._answer(route, values, self.visit.config.format))
        found: list[Any] = []
        for name in route.payload:
            listed = members.get(name)
            listed = listed if listed is not None else members.get(ITEM_NAMES.get(name, name), [])
            found += listed if isinstance(listed, list) else [listed]
        return [normal(item) if isinstance(item, Mapping) else item for item in found]

    def detail(self, route: Route, key: str) -> Item:
        """One item in its normal form. Raises ``FetchError``; ``item_unavailable`` where upstream knows none.

        Some pass on upstream's side loses characters of its XML (contract, H1). Where that shows, the JSON twin is
        asked for and taken if it lost fewer; nothing is ever mended by guess.
        """
        wire = self.visit.config.format
        item = self._one(route, key, wire)
        if wire == "xml" and (lost := lost_characters(item)):
            try:
                twin = self._one(route, key, "json")
            except FetchError:
                return item
            return twin if lost_characters(twin) < lost else item
        return item

    def pages(self, route: Route, rows: Rows, *, offset: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Read a list page by page into *rows*; yields where each page ends and the ids that were new to *rows*.

        There is no total, the largest length is unknown, and a server may ignore the offset. So a list is whole
        only when a page after the last came empty; one that repeats what the list showed before ends the reading as
        not whole.
        """
        met: set[str] = set()
        for _ in range(MOST_PAGES):
            items = self.items(route, {"offset": offset, "length": PAGE})
            if not items:
                return
            keys = {identifier(item) for item in items} - {""}
            if not keys - met:
                break
            met |= keys
            offset += len(items)
            yield offset, rows.take(items)
        rows.whole = False

    def windows(self, route: Route, rows: Rows, first: date, last: date, step: int = WINDOW) -> None:
        """Every event that begins (or ends) from *first* to *last*, into *rows*; events around them may come too.

        Which way ``days`` counts is not known (contract, section 5.4). Windows that each reach to both neighbours'
        dates, with one to spare at either end, cover every day whichever it is.
        """
        day = first
        while day <= last + timedelta(days=step):
            items = self.items(route, {"date": day.isoformat(), "days": step, "length": MOST_OF_A_WINDOW})
            rows.take(items)
            if len(items) >= MOST_OF_A_WINDOW:
                if step == 1:
                    rows.whole = False
                else:
                    self.windows(route, rows, day - timedelta(days=step), day + timedelta(days=step), 1)
            day += timedelta(days=step)

    def address(self, route: Route, key: str) -> str:
        """Where an item can be had, without the key and whatever the format."""
        return f"{self.visit.config.base_url}{route.path}?id={key}"

    def _one(self, route: Route, key: str, wire: str) -> Item:
        members = self._answer(route, {"id": key}, wire)
        found = members.get(route.payload[0])
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        item = normal(found) if isinstance(found, Mapping) else {}
        # The published samples answer other ids than were asked for: such an answer is filed under nobody's id.
        if not item or identifier(item) not in ("", key):
            raise answers.no_item(self.address(route, key))
        return item

    def _answer(self, route: Route, values: Values, wire: str) -> dict[str, Any]:
        config = self.visit.config
        # The key goes first and is hidden by the HTTP client wherever it names the address.
        params = {"api_key": config.api_key.get_secret_value(), "format": wire, **values}
        try:
            response = self.visit.http.get(config.base_url + route.path, params=params)
        except FetchError as error:
            told = answers.failure(error)
            if told is error:
                raise
        else:
            with response:
                return answers.payload(response.body, url=response.url, status=response.status)
        raise told
