"""Reading Kulturbiljetter's Events API: one list with an ETag per event, then the details of each one by one.

Equal ETags mean unchanged details, apart from the seats: those are read again without a condition for events
that take place soon. Source: the provider's documentation of v2; v3 has the same calls.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from aggregator.http import FetchError, Response, RetryLater, faults
from aggregator.provider import Batch, Document, Refusal, Visit
from aggregator.readers import ReadError, json_document, json_items, json_members, json_root
from aggregator.vocabulary import Mode
from providers.kulturbiljetter.schema import Entry, opaque_tag

KIND = "event"
SCOPE = ""
SOON = timedelta(days=3)

_LOOK_UP = 200
_DOCUMENTS_PER_BATCH = 20
_SEEN_PER_BATCH = 500
_FAILURES_IN_A_ROW = 3
_KEPT_OF_A_BAD_BODY = 1024
_VANISHED = (404, 410)
_STOPPING = (faults.UNAUTHORISED, faults.FORBIDDEN, faults.RATE_LIMITED)


def fetch(visit: Visit) -> Iterator[Batch]:
    """CHANGES and FULL work through the list, AVAILABILITY through the events of the next three days.

    Raises ``FetchError`` where the list cannot be had, where the key is refused, where the server asks to
    wait, and at the third detail in a row that fails for a passing reason; what was read before is yielded
    first. A single detail that fails is a ``Refusal``. One that is gone went after the list was read: it
    counts as seen, and the next list decides.
    """
    if visit.mode is Mode.AVAILABILITY:
        soon = sorted(int(key) for key in visit.soon(KIND, visit.now + SOON) if key.isdecimal())
        yield from _walk(visit, [Step(event_id) for event_id in soon], _Haul(len(soon)))
        return
    listing = _listing(visit)
    haul = _Haul(
        len(listing.etags), refused=listing.refused, complete=() if listing.error else ((KIND, SCOPE),)
    )
    yield from _walk(visit, _steps(visit, listing.etags), haul)
    if listing.error is not None:
        raise listing.error


@dataclass
class Listing:
    """The list as far as it could be read: event id → bare ETag. *error* says why it ends too early."""

    etags: dict[int, str] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    error: FetchError | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One event to look at. *listed*: its ETag in the list; *known*: that of the stored details, "" for none.

    position: where a run can go on once this step and all before are stored.
    """

    event_id: int
    listed: str = ""
    known: str = ""
    position: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return str(self.event_id)

    @property
    def is_unchanged(self) -> bool:
        return bool(self.listed) and self.listed == self.known


def _steps(visit: Visit, etags: Mapping[int, str]) -> Iterator[Step]:
    """What this run has still to look at, in ascending order of ids.

    A position stands for everything up to an id, and for the ETags that the list had up to there. Only while
    these are still the same is that part left out: what came of it is stored and marked as seen by this run.
    """
    order = sorted(etags)
    handled = _handled(visit.position, etags, order)
    trail = _Trail()
    for start in range(0, len(order), _LOOK_UP):
        chunk = order[start : start + _LOOK_UP]
        digests = [trail.extended(event_id, etags[event_id]) for event_id in chunk]
        if chunk[-1] <= handled:
            continue
        known = visit.validators(KIND, [str(event_id) for event_id in chunk])
        for event_id, digest in zip(chunk, digests, strict=True):
            if event_id > handled:
                stored = known.get(str(event_id), "")
                yield Step(event_id, etags[event_id], stored, {"after": event_id, "trail": digest})


def _handled(position: Mapping[str, Any], etags: Mapping[int, str], order: list[int]) -> int:
    """The id up to which this run has been already; -1 for none, or where the list has changed since."""
    after, trail, digest = position.get("after"), _Trail(), ""
    if not isinstance(after, int):
        return -1
    for event_id in order:
        if event_id > after:
            break
        digest = trail.extended(event_id, etags[event_id])
    return after if digest and digest == position.get("trail") else -1


class _Trail:
    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=16)

    def extended(self, event_id: int, etag: str) -> str:
        self._digest.update(f"{event_id} {etag}\n".encode())
        return self._digest.hexdigest()


@dataclass
class _Haul:
    """What was read since the last batch. *failing* are details in a row that failed for a passing reason."""

    expected: int
    refused: list[Refusal] = field(default_factory=list)
    complete: tuple[tuple[str, str], ...] = ()
    documents: list[Document] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    failing: list[Refusal] = field(default_factory=list)
    position: Mapping[str, Any] = field(default_factory=dict)

    def is_full(self) -> bool:
        return len(self.documents) >= _DOCUMENTS_PER_BATCH or len(self.seen) >= _SEEN_PER_BATCH

    def settle(self) -> None:
        """The failures in a row came to an end: they were the documents' own."""
        self.refused += self.failing
        self.failing = []

    def unload(self, *, at_end: bool = False) -> Batch:
        batch = Batch(
            documents=self.documents,
            seen=self.seen,
            refused=self.refused,
            position=self.position,
            complete=self.complete if at_end else (),
            expected=self.expected,
        )
        self.documents, self.seen, self.refused = [], [], []
        return batch


def _walk(visit: Visit, steps: Iterable[Step], haul: _Haul) -> Iterator[Batch]:
    """Batch after batch. No position lies behind a failure that may be the server's own."""
    haul.position = visit.position
    for step in steps:
        try:
            _take(visit, step, haul)
        except FetchError:
            if haul.documents or haul.seen or haul.refused:
                yield haul.unload()
            raise
        if not haul.failing:
            haul.position = step.position
        if haul.is_full():
            yield haul.unload()
    haul.settle()
    yield haul.unload(at_end=True)


def _take(visit: Visit, step: Step, haul: _Haul) -> None:
    """Puts what one event brought into *haul*. Raises ``FetchError`` where the run has to stop."""
    if step.is_unchanged:
        haul.seen.append((KIND, step.key))
        return
    try:
        found = _details(visit, step)
    except FetchError as error:
        if isinstance(error, RetryLater) or error.reason in _STOPPING:
            raise
        refusal = Refusal(
            KIND, step.key, error.reason, message=str(error), body=error.body[:_KEPT_OF_A_BAD_BODY]
        )
        if error.permanent:
            haul.refused.append(refusal)
            return
        haul.failing.append(refusal)
        if len(haul.failing) == _FAILURES_IN_A_ROW:
            raise
        return
    haul.settle()
    if isinstance(found, Document):
        haul.documents.append(found)
    elif isinstance(found, Refusal):
        haul.refused.append(found)
    elif found or visit.mode is not Mode.AVAILABILITY:
        # What the list names counts as seen, even where its details are gone: the next list decides.
        haul.seen.append((KIND, step.key))


def _details(visit: Visit, step: Step) -> Document | Refusal | bool:
    """One event's details; True where they are unchanged, False where they are gone."""
    headers = {"If-None-Match": f'"{step.known}"'} if step.known else {}
    with _get(visit, f"events/{step.key}", headers, accept_status=_VANISHED) as response:
        if response.status in _VANISHED:
            return False
        if response.status == 304:
            if not step.known:
                raise FetchError(faults.UNEXPECTED_STATUS, status=304, url=response.url)
            return True
        body = response.content()
        try:
            json_document(response.body)
        except ReadError as error:
            return Refusal(KIND, step.key, error.reason, message=str(error), body=body[:_KEPT_OF_A_BAD_BODY])
        validator = opaque_tag(response.headers.get("ETag", "")) or step.listed
        return Document(KIND, step.key, body, validator=validator, url=response.url)


def _get(
    visit: Visit, path: str, headers: Mapping[str, str] | None = None, accept_status: tuple[int, ...] = ()
) -> Response:
    own = {"Authorization": f"Token {visit.config.api_key.get_secret_value()}", "Accept": "application/json"}
    return visit.http.get(
        visit.config.base_url + path, headers={**own, **(headers or {})}, accept_status=accept_status
    )


def _listing(visit: Visit) -> Listing:
    """The whole list. Raises ``FetchError`` where nothing of it can be read."""
    listing = Listing()
    with _get(visit, "events/") as response:
        try:
            for place, value in _members(response):
                _list(listing, place, value)
        except ReadError as error:
            if not listing.etags:
                raise
            listing.error = error
    return listing


def _members(response: Response) -> Iterator[tuple[str, object]]:
    root = json_root(response.body)
    if root == "array":
        for number, item in enumerate(json_items(response.body)):
            yield str(number), item
        return
    if root == "literal" and json_document(response.body) is None:
        return
    response.body.seek(0)
    for place, value in json_members(response.body):
        if not place.isdigit() and not isinstance(value, Mapping):
            raise ReadError(faults.WRONG_ROOT, detail="a message in place of a list")
        yield place, value


def _list(listing: Listing, place: str, value: object) -> None:
    try:
        entry = Entry.model_validate(value)
    except ValidationError:
        body = json.dumps(value, default=str).encode()[:_KEPT_OF_A_BAD_BODY]
        listing.refused.append(
            Refusal(KIND, None, "unreadable_id", path=f"{place}.event_id", body=body, scope=SCOPE)
        )
    else:
        listing.etags[entry.event_id] = entry.etag
