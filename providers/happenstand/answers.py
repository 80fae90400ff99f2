"""The API's answers in both formats, as the same plain items; its envelope, and what its error codes mean here.

Success is what ``status`` in the body says, never the HTTP status (contract, section 3). The format is told from
the body as well, since an error may come in another one than was asked for. Fields are not looked at.
"""

import io
import re
from collections.abc import Mapping
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import Element

from aggregator import readers
from aggregator.http import FetchError, faults
from aggregator.readers import ReadError
from providers.happenstand.items import ITEM_NAMES

ITEM_UNAVAILABLE = "item_unavailable"
LOCATION_UNKNOWN = "location_unknown"
APPLICATION_ERROR = "application_error"
UPSTREAM_ERROR = "upstream_error"

#: Upstream's code → (reason, whether asking again is of no use, upstream's sentence). Codes are no HTTP statuses.
CODES: Final[Mapping[int, tuple[str, bool, str]]] = {
    100: (faults.UNAUTHORISED, True, "API key is not valid"),
    101: (faults.FORBIDDEN, True, "API key is not active"),
    200: (faults.BAD_REQUEST, True, "Missing required parameter"),
    201: (ITEM_UNAVAILABLE, True, "Item not valid or unavailable"),
    202: (LOCATION_UNKNOWN, True, "Could not determine query location"),
    404: (faults.NOT_FOUND, True, "Resource not found"),
    500: (APPLICATION_ERROR, False, "Application error"),
}
_OWN_REASONS = frozenset({ITEM_UNAVAILABLE, LOCATION_UNKNOWN, APPLICATION_ERROR, UPSTREAM_ERROR})
_NAMED = re.compile(r"\((api_key|id|query)\)")


class UpstreamError(FetchError):
    """The API said ``fail``. *code* is upstream's, None for one that is no number.

    The text repeats no word of upstream's but the name of a documented parameter: an answer may hold the key.
    """

    def __init__(self, code: int | None, sentence: str = "", *, url: str = "", status: int = 200) -> None:
        reason, permanent, known = CODES.get(code or 0, (UPSTREAM_ERROR, True, "an error nobody documented"))
        parameter = _NAMED.search(sentence) if code == 200 else None
        told = f"{known} ({parameter[1]})" if parameter else known
        if parameter and parameter[1] == "api_key":
            reason = faults.UNAUTHORISED
        transport = faults.UNEXPECTED_STATUS if reason in _OWN_REASONS else reason
        detail = f"code {code}: {told}" if code is not None else told
        super().__init__(transport, url=url, status=status, permanent=permanent, detail=detail, sent=True)
        self.reason = reason
        self.code = code


def payload(stream: BinaryIO, *, url: str = "", status: int = 200) -> dict[str, Any]:
    """The members of a successful answer but ``status``.

    Raises ``UpstreamError`` for ``fail``, and the readers' reasons for what is no answer of this API.
    """
    try:
        return _payload(stream, url, status)
    except ReadError as error:
        error.url = error.url or url
        raise


def no_item(url: str) -> ReadError:
    """A successful answer without the item that was asked for."""
    error = ReadError(faults.WRONG_ROOT, detail="no item")
    error.url = url
    return error


def failure(error: FetchError) -> FetchError:
    """What an error under an HTTP status was about: upstream's own word for it where its body holds one."""
    if error.body:
        try:
            payload(io.BytesIO(error.body), url=error.url, status=error.status or 200)
        except UpstreamError as told:
            told.requests = error.requests
            return told
        except FetchError:
            return error
    return error


def _payload(stream: BinaryIO, url: str, status: int) -> dict[str, Any]:
    if readers.json_root(stream) == "other":
        answer: object = _member(readers.xml_document(stream, root="response"))
    else:
        answer = readers.json_document(stream)
    if not isinstance(answer, dict):
        raise ReadError(faults.WRONG_ROOT, detail="no envelope")
    said = answer.pop("status", None)
    if said == "fail":
        code, sentence = _error(answer.get("error"))
        raise UpstreamError(code, sentence, url=url, status=status)
    if said != "ok":
        raise ReadError(faults.WRONG_ROOT, detail="no status")
    return answer


def _error(error: object) -> tuple[int | None, str]:
    if not isinstance(error, dict):
        return None, ""
    code = str(error.get("code", "")).strip()
    return (int(code) if code.isascii() and code.isdigit() and len(code) < 10 else None), str(
        error.get("message", "")
    )


def _member(element: Element) -> object:
    """Attributes and children as members of one dict; text for neither; a list for what is named in the plural.

    A name that stands twice becomes a list. White space around members is layout.
    """
    if element.tag in ITEM_NAMES and not element.attrib and _is_list(element):
        return [_member(child) for child in element] or (element.text or "").strip()
    members: dict[str, object] = dict(element.attrib)
    for child in element:
        value = _member(child)
        if child.tag in members:
            before = members[child.tag]
            members[child.tag] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            members[child.tag] = value
    if not members:
        return (element.text or "").strip()
    return members


def _is_list(element: Element) -> bool:
    return all(child.tag in (ITEM_NAMES[element.tag], "item") for child in element)
