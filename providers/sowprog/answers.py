"""Asking a service and reading its records one by one, from JSON or XML, with flat memory.

A record comes as a dict of JSON values whatever the format: an XML element that holds elements becomes a dict, one
that repeats a list, any other its text. Lists of one may so come as the member alone, which ``schema`` reads too.
"""

import base64
import os
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element

from aggregator.http import FetchError, HttpClient, Response, faults
from aggregator.readers import ReadError, json_document, json_items, xml_elements
from providers.sowprog import criteria as search
from providers.sowprog.routes import ROUTES, Route, url

#: An answer whose list is not where it should be is read whole to find out why, up to this size.
_ODD_BYTES: Final = 4 * 1024 * 1024
_MEDIA: Final = {"json": "application/json", "xml": "application/xml"}


def ask(
    http: HttpClient,
    config: Any,
    route: str,
    *,
    criteria: search.Pairs = (),
    modified_since: int | None = None,
    past_events: bool = False,
) -> Response:
    """The answer of a service; close it. Raises ``FetchError`` and ``RetryLater``.

    406 to a search is a mistake in the criteria (contract, section 3) and says so.
    """
    address = url(config, route, criteria=criteria, modified_since=modified_since, past_events=past_events)
    media = _MEDIA[config.format]
    headers = {"Authorization": _basic(config), "Accept": media, "Content-Type": media}
    try:
        return http.get(address, headers=headers)
    except FetchError as error:
        if error.reason != faults.NOT_ACCEPTABLE or not criteria:
            raise
        named = ", ".join(dict.fromkeys(name for name, _ in criteria))
        detail = f"a property in PROVIDER_SOWPROG_CRITERIA that Sowprog does not know, one of {named}"
        mistaken = FetchError(
            error.reason, url=error.url, status=406, permanent=True, detail=detail, sent=True
        )
        mistaken.requests = error.requests
    raise mistaken


def records(response: Response, route: str, wire: str) -> Iterator[object]:
    """The records of an answer, from its beginning. Raises ``ReadError`` where it breaks or is something else."""
    found = ROUTES[route]
    response.body.seek(0)
    if wire == "xml":
        for element in xml_elements(response.body, found.record, root=found.root):
            yield _value(element)
    else:
        yield from _json(response, found)


def _basic(config: Any) -> str:
    pair = f"{config.username}:{config.password.get_secret_value()}"
    return f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"


def _json(response: Response, route: Route) -> Iterator[object]:
    try:
        yield from json_items(response.body, f"{route.record}.item")
    except ReadError as error:
        if error.reason != faults.WRONG_ROOT or response.body.seek(0, os.SEEK_END) > _ODD_BYTES:
            raise
        odd = error
    else:
        return
    response.body.seek(0)
    yield from _without_list(json_document(response.body), route, odd)


def _without_list(answer: object, route: Route, error: ReadError) -> Iterator[object]:
    """An empty list may be no member at all, and a list of one the record itself (contract, section 4)."""
    if answer in (None, [], {}):
        return
    if not isinstance(answer, Mapping) or route.record not in answer:
        raise error
    record = answer[route.record]
    if isinstance(record, Mapping):
        yield record
    elif record not in (None, "", []):
        raise error


def _value(element: Element) -> Any:
    if not len(element):
        return element.text or ""
    members: dict[str, Any] = {}
    repeated: set[str] = set()
    for child in element:
        name, value = child.tag.rpartition("}")[2], _value(child)
        if name in repeated:
            members[name].append(value)
        elif name in members:
            members[name] = [members[name], value]
            repeated.add(name)
        else:
            members[name] = value
    return members
