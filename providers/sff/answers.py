"""The festival's answers in their three formats, as the same items: dicts of text, null for nothing.

Also its way of saying that there is nothing: an HTTP error with a sentence (contract, section 4). It judges
the outer shape only; fields are the schema's.
"""

import io
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from aggregator import readers
from aggregator.http import FetchError, Response, faults
from aggregator.readers import ReadError

NO_ROWS = re.compile(r"No [\w -]+ could be found\.?", re.IGNORECASE)
NO_RECORD = re.compile(r"[\w -]+ could not be found\.?", re.IGNORECASE)
UPSTREAM_ERROR = "upstream_error"

_LONG_WORD = re.compile(r"[A-Za-z0-9_-]{20,}")
_ENVELOPE = {"status", "error"}


class UpstreamError(FetchError):
    """The API answered with an ``error`` of its own that means neither an empty list nor an unknown id.

    ``sentence`` is that text, shortened, with long words (keys, tokens) taken out.
    """

    def __init__(self, sentence: str, *, url: str, status: int) -> None:
        self.sentence = _LONG_WORD.sub("…", " ".join(sentence.split()))[:200]
        super().__init__(
            faults.UNEXPECTED_STATUS, url=url, status=status, permanent=False, detail=self.sentence, sent=True
        )
        self.reason = UPSTREAM_ERROR


def rows(response: Response, wire: str) -> Iterator[object]:
    """The items of a list, streamed; none where the API says that there are none.

    Raises ``FetchError``: ``not_found`` for a 404 that is not the API's own, ``upstream_error`` for any other
    sentence of the API under whatever status, and the readers' reasons, after the items before the break.
    """
    if response.status == 404:
        _nothing_or_raise(response, NO_ROWS)
        return
    read = {"json": _json_rows, "xml": _xml_rows, "csv": _csv_rows}[wire]
    try:
        yield from read(response)
    except ReadError as error:
        error.url = error.url or response.url
        raise


def record(response: Response, wire: str) -> dict[str, object] | None:
    """A single record; None where the API says that there is no such one. Raises as ``rows`` does."""
    if response.status == 404:
        _nothing_or_raise(response, NO_RECORD)
        return None
    read = {"json": _json_record, "xml": _xml_record, "csv": _csv_record}[wire]
    try:
        item = read(response)
    except ReadError as error:
        error.url = error.url or response.url
        raise
    if isinstance(item.get("error"), str) and item.keys() <= _ENVELOPE:
        _judge(str(item["error"]), response, NO_RECORD)
        return None
    return item


def _nothing_or_raise(response: Response, meaning_nothing: re.Pattern[str]) -> None:
    """Return where a 404 means "nothing": one of the sentences, or no body at all. Else raise."""
    content = response.content()
    if not content.strip():
        return
    sentence = error_sentence(content)
    if sentence is None:
        raise FetchError(faults.NOT_FOUND, url=response.url, status=404, body=content[:65536], sent=True)
    _judge(sentence, response, meaning_nothing)


def _judge(sentence: str, response: Response, meaning_nothing: re.Pattern[str]) -> None:
    if not meaning_nothing.fullmatch(sentence.strip()):
        raise UpstreamError(sentence, url=response.url, status=response.status)


def error_sentence(content: bytes) -> str | None:
    """The ``error`` member of an answer in any of the formats, whichever was asked for; None where there is
    none.
    """
    try:
        root = readers.json_root(io.BytesIO(content))
        if root == "object":
            item = readers.json_document(io.BytesIO(content))
            error = item.get("error") if isinstance(item, dict) else None
        elif content.lstrip()[:1] == b"<":
            error = _fields(readers.xml_document(io.BytesIO(content), named_entities=True)).get("error")
        else:
            error = next(readers.csv_rows(io.BytesIO(content)), {}).get("error")
    except ReadError:
        return None
    return error if isinstance(error, str) else None


def _json_rows(response: Response) -> Iterator[object]:
    if readers.json_root(response.body) != "object":
        yield from readers.json_items(response.body)
        return
    for name, value in readers.json_members(response.body):
        if name in _ENVELOPE:
            _refused_under_success(response)
            return
        if not name.isdigit():
            raise ReadError(faults.WRONG_ROOT, detail="a record in place of a list")
        yield value


def _refused_under_success(response: Response) -> None:
    """An ``error`` where rows were due is judged by its sentence, whatever the status."""
    sentence = error_sentence(response.content())
    if sentence is None:
        raise ReadError(faults.WRONG_ROOT, detail="a record in place of a list")
    _judge(sentence, response, NO_ROWS)


def _xml_rows(response: Response) -> Iterator[object]:
    for element in readers.xml_elements(response.body, named_entities=True):
        if element.tag in _ENVELOPE:
            _refused_under_success(response)
            return
        if element.tag != "item":
            raise ReadError(faults.WRONG_ROOT, detail="a record in place of a list")
        yield _value(element)


def _csv_rows(response: Response) -> Iterator[object]:
    for row in readers.csv_rows(response.body):
        if "error" in row and row.keys() <= _ENVELOPE:
            _judge(row["error"] or "", response, NO_ROWS)
            return
        yield {name: text or None for name, text in row.items()}


def _json_record(response: Response) -> dict[str, object]:
    item = readers.json_document(response.body)
    if isinstance(item, list) and len(item) == 1:
        item = item[0]
    if not isinstance(item, dict):
        raise ReadError(faults.WRONG_ROOT, detail="a list in place of a record")
    return item


def _xml_record(response: Response) -> dict[str, object]:
    top = readers.xml_document(response.body, named_entities=True)
    if len(top) == 1 and top[0].tag == "item":
        top = top[0]
    return _fields(top)


def _csv_record(response: Response) -> dict[str, object]:
    for row in readers.csv_rows(response.body):
        return {name: text or None for name, text in row.items()}
    raise ReadError(faults.TRUNCATED_DOCUMENT)


def _value(element: Element) -> object:
    """Text, null for an empty element, a list for nested items, else an object."""
    if not len(element):
        return element.text or None
    if all(child.tag == "item" for child in element):
        return [_value(child) for child in element]
    return _fields(element)


def _fields(element: Element) -> dict[str, object]:
    return {child.tag: _value(child) for child in element}
