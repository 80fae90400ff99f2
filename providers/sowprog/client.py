"""Reading the agenda: the list of events, whole or since the last change, and in a full run the reference lists.

A list comes in one body, without pages. The body is held on disk and read record by record; a run that is broken
off goes on behind the records it had handed over, if the list still begins with them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from aggregator.http import FetchError, Response, RetryLater, faults
from aggregator.provider import Batch, Document, Refusal, Visit
from aggregator.vocabulary import Mode
from providers.sowprog import answers
from providers.sowprog import criteria as search
from providers.sowprog.items import SCOPE, changed_at, compact, document_or_refusal, is_published, plausible

FEED: Final = "events"
#: Milliseconds that a list of changes reaches back before the newest change received.
OVERLAP: Final = 5 * 60 * 1000

_BATCH: Final = 100

#: Service → kind of its documents, in the order in which a full run reads them after the events.
_REFERENCES: Final[Mapping[str, str]] = {
    "locations": "location",
    "artists": "artist",
    "groups": "group",
    "types": "type",
    "styles": "style",
}
#: Services that can be asked for a part of the agenda only as far as criteria are about places, or not at all.
_UNLIMITED: Final = ("artists", "groups")
#: What may be wrong with one service, and the others are worth asking.
_FAULTS_OF_ONE_SERVICE: Final = frozenset(
    {
        faults.NOT_FOUND,
        faults.GONE,
        faults.BAD_REQUEST,
        faults.NOT_ACCEPTABLE,
        faults.SERVER_ERROR,
        faults.HTML_INSTEAD_OF_DATA,
        faults.TRUNCATED_DOCUMENT,
        faults.MALFORMED_DOCUMENT,
        faults.EMPTY_BODY,
        faults.ENTITY_DECLARATION,
        faults.WRONG_ROOT,
        faults.BODY_TOO_LARGE,
        faults.DECOMPRESSION_BOMB,
    }
)


def fetch(visit: Visit) -> Iterator[Batch]:
    """FULL: the whole agenda, then the reference lists. CHANGES: what changed since the cursor, and the whole
    agenda too where an event was unpublished or there is no cursor. AVAILABILITY: what changed, completing nothing.

    Raises ``FetchError`` and ``RetryLater``; what was read before is yielded first. A reference list that fails
    alone is a ``Refusal``.
    """
    step = str(visit.position.get("step", "events"))
    since = _since(visit)
    if visit.mode is Mode.FULL:
        if step == "events":
            yield from _agenda(visit, _News(visit))
        for service in _from(step):
            yield from _reference(visit, service)
    elif since is None:
        yield from _agenda(visit, _News(visit))
    else:
        yield from _changes(visit, since)


Read = Callable[[object, bytes], Document | Refusal | None]


@dataclass
class _News:
    """Reads entries, and keeps what a run learns: the newest change, and the entries that are published no more."""

    visit: Visit
    newest: int = 0
    hidden: list[Document] = field(default_factory=list)

    def read(self, item: object, body: bytes, url: str) -> Document | Refusal | None:
        """The entry; None for one that is published no more, which is kept for later."""
        self.newest = max(self.newest, changed_at(item, self.visit.now))
        made = document_or_refusal(item, body, "event", url)
        if isinstance(made, Document) and not is_published(item):
            self.hidden.append(made)
            return None
        return made


def _from(step: str) -> list[str]:
    """The reference lists still to be read."""
    order = list(_REFERENCES)
    return order[order.index(step) :] if step in order else order if step == "events" else []


def _agenda(visit: Visit, news: _News) -> Iterator[Batch]:
    """The whole agenda. The last batch brings the hidden entries too, since these are settled with it."""
    listing = _Listing("events", visit.position if visit.position.get("step", "events") == "events" else {})
    with _ask(visit, "events") as response:
        yield from listing.batches(visit, response, partial(news.read, url=response.url))
    yield Batch(
        documents=tuple(news.hidden),
        complete=() if visit.mode is Mode.AVAILABILITY else (("event", SCOPE),),
        cursors=_moved(visit, news.newest),
        position={"step": next(iter(_REFERENCES))} if visit.mode is Mode.FULL else {"step": "done"},
        expected=listing.count,
    )


def _changes(visit: Visit, since: int) -> Iterator[Batch]:
    """What changed. Entries that are no longer published are held back until the whole agenda was read, which
    settles what is absent; a run for availability leaves them to the next run for changes.
    """
    news = _News(visit)
    listing = _Listing("changes", {})
    with _ask(visit, "events", max(1, since - OVERLAP)) as response:
        for batch in listing.batches(visit, response, partial(news.read, url=response.url)):
            # The position stays that of the whole agenda, if the run got that far: this list is short.
            yield Batch(documents=batch.documents, refused=batch.refused, position=visit.position)
    if visit.mode is Mode.AVAILABILITY:
        return
    if _are_news(visit, news.hidden):
        yield from _agenda(visit, news)
    else:
        yield Batch(cursors=_moved(visit, news.newest), position={"step": "done"})


def _are_news(visit: Visit, hidden: Iterable[Document]) -> bool:
    """Whether one of the entries no longer published is still stored as it was before."""
    validators = {document.key: document.validator for document in hidden}
    stored = visit.validators("event", list(validators)) if validators else {}
    return any(stored[key] != validators[key] for key in stored)


def _reference(visit: Visit, service: str) -> Iterator[Batch]:
    """One reference list. Where it fails alone the run goes on, with a refusal that forbids nothing."""
    following = _from(service)[1:]
    position = {"step": following[0] if following else "done"}
    criteria = visit.config.pairs()
    if criteria and (service in _UNLIMITED or (service == "locations" and not search.of_places(criteria))):
        yield Batch(position=position)  # what the events bring along is all that was asked for
        return
    listing = _Listing(service, visit.position if visit.position.get("step") == service else {})
    try:
        with _ask(visit, service) as response:
            read = partial(document_or_refusal, kind=_REFERENCES[service], url=response.url)
            yield from listing.batches(visit, response, read)
    except FetchError as error:
        if isinstance(error, RetryLater) or error.reason not in _FAULTS_OF_ONE_SERVICE:
            raise
        yield Batch(refused=(Refusal(service, service, error.reason, message=str(error)),), position=position)
        return
    # An empty one is no reason to doubt the agenda: it completes nothing. Being seen ends an earlier refusal.
    complete = ((_REFERENCES[service], SCOPE),) if listing.count else ()
    yield Batch(complete=complete, seen=((service, service),), position=position, expected=listing.count)


def _ask(visit: Visit, service: str, modified_since: int | None = None) -> Response:
    criteria = visit.config.pairs()
    if service == "locations":
        criteria = search.of_places(criteria)
    elif service != "events":
        criteria = ()
    return answers.ask(visit.http, visit.config, service, criteria=criteria, modified_since=modified_since)


class _Listing:
    """One list on its way into batches: how many records were handed over, and a digest of them in order."""

    def __init__(self, step: str, position: Mapping[str, Any]) -> None:
        self._step = step
        self._skip, self._trail_there = position.get("count"), position.get("trail")
        self._restart()

    def _restart(self) -> None:
        self.count = 0
        self._trail = hashlib.blake2b(digest_size=16)

    def batches(self, visit: Visit, response: Response, read: Read) -> Iterator[Batch]:
        """The records behind those handed over already. Where reading breaks off, what came before is yielded."""
        documents: list[Document] = []
        refused: list[Refusal] = []
        broken: FetchError | None = None
        records = self._records(visit, response, read)
        while broken is None:
            try:
                item, body = next(records)
            except StopIteration:
                break
            except FetchError as error:
                broken = error
                continue
            made = read(item, body)
            if isinstance(made, Document):
                documents.append(made)
            elif made is not None:
                refused.append(made)
            if len(documents) + len(refused) >= _BATCH:
                yield self._batch(documents, refused)
                documents, refused = [], []
        if documents or refused:
            yield self._batch(documents, refused)
        if broken is not None:
            raise broken

    def _batch(self, documents: list[Document], refused: list[Refusal]) -> Batch:
        position = {"step": self._step, "count": self.count, "trail": self._trail.hexdigest()}
        return Batch(tuple(documents), refused=tuple(refused), position=position)

    def _records(self, visit: Visit, response: Response, read: Read) -> Iterator[tuple[object, bytes]]:
        """What is still to be handed over: all of it, unless the list begins as it did.

        What is passed over is read all the same, since the reader learns from it: the newest change of a list may
        stand in a part that another process stored.
        """
        service, wire = _service(self._step), visit.config.format
        source = answers.records(response, service, wire)
        if isinstance(self._skip, int) and self._skip > 0 and not self._skipped(source, read):
            self._restart()
            source = answers.records(response, service, wire)
        for item in source:
            yield item, self._noted(item)

    def _skipped(self, source: Iterator[object], read: Read) -> bool:
        for item in source:
            read(item, self._noted(item))
            if self.count == self._skip:
                return self._trail.hexdigest() == self._trail_there
        return False

    def _noted(self, item: object) -> bytes:
        body = compact(item)
        self.count += 1
        self._trail.update(body + b"\n")
        return body


def _service(step: str) -> str:
    return "events" if step == "changes" else step


def _since(visit: Visit) -> int | None:
    """The newest change received so far; None where there is none that can be believed."""
    return plausible(visit.cursor(FEED), visit.now)


def _moved(visit: Visit, newest: int) -> Mapping[str, str]:
    """The cursor after a list whose newest change is *newest*; it never moves back, and not for availability."""
    before = _since(visit) or 0
    return {FEED: str(newest)} if visit.mode is not Mode.AVAILABILITY and newest > before else {}
