"""Fetching details one by one, packed into batches, with a place to go on from."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aggregator.http import FetchError, RetryLater, faults
from aggregator.provider import Batch, Document, Refusal
from providers.happenstand.answers import ITEM_UNAVAILABLE
from providers.happenstand.items import document
from providers.happenstand.reading import Reading
from providers.happenstand.routes import DETAIL_OF

_DOCUMENTS_PER_BATCH: Final = 20
_FAILURES_IN_A_ROW: Final = 3
_KEPT_OF_A_BAD_BODY: Final = 1024
_STOPPING: Final = (faults.UNAUTHORISED, faults.FORBIDDEN, faults.RATE_LIMITED)


@dataclass(frozen=True, slots=True)
class Step:
    """One item to fetch. *validator*: the print of its row in a list. *is_listed* False: asked for by id alone."""

    kind: str
    key: str
    validator: str
    scope: str
    is_listed: bool = True


@dataclass
class Haul:
    """What was read since the last batch.

    position: where a run goes on once all so far is stored; at_end: likewise after the last step, None for the
    same. failing: details in a row that failed for a passing reason.
    """

    refused: list[Refusal] = field(default_factory=list)
    position: Mapping[str, Any] = field(default_factory=dict)
    at_end: Mapping[str, Any] | None = None
    complete: tuple[tuple[str, str], ...] = ()
    expected: int = 0
    documents: list[Document] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    failing: list[Refusal] = field(default_factory=list)

    def unload(self, *, at_end: bool = False) -> Batch:
        batch = Batch(
            documents=tuple(self.documents),
            seen=tuple(self.seen),
            refused=tuple(self.refused),
            position=self.at_end if at_end and self.at_end is not None else self.position,
            complete=self.complete if at_end else (),
            expected=self.expected,
        )
        self.documents, self.seen, self.refused = [], [], []
        return batch

    def settle(self) -> None:
        """The failures in a row came to an end: they were the items' own."""
        self.refused += self.failing
        self.failing = []


def walk(reading: Reading, steps: Sequence[Step], haul: Haul) -> Iterator[Batch]:
    """The details of all *steps*, batch after batch; ends with what *haul* completes.

    With ``at_end`` a position names the last id and a digest of all ids up to it: a run goes on behind it while the
    list still begins the same way, and starts over otherwise. No position lies behind a failure that may be the
    server's own.
    """
    resumable = haul.at_end is not None
    handled = _handled(reading.visit.position, steps) if resumable else 0
    trail = _Trail()
    for number, step in enumerate(steps):
        digest = trail.extended(step)
        if number < handled:
            continue
        try:
            _take(reading, step, haul)
        except FetchError:
            if haul.documents or haul.seen or haul.refused:
                yield haul.unload()
            raise
        if resumable and step.is_listed and not haul.failing:
            haul.position = {"step": step.kind, "after": step.key, "trail": digest}
        if len(haul.documents) >= _DOCUMENTS_PER_BATCH:
            yield haul.unload()
    haul.settle()
    yield haul.unload(at_end=True)


class _Trail:
    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=16)

    def extended(self, step: Step) -> str:
        self._digest.update(f"{step.key}\n".encode())
        return self._digest.hexdigest()


def _handled(position: Mapping[str, Any], steps: Sequence[Step]) -> int:
    """How many of *steps* this run has done already; 0 where the list has changed since."""
    trail = _Trail()
    for number, step in enumerate(steps, start=1):
        digest = trail.extended(step)
        if (step.kind, step.key) == (position.get("step"), position.get("after")):
            return number if digest == position.get("trail") else 0
    return 0


def _take(reading: Reading, step: Step, haul: Haul) -> None:
    """Puts what one call brought into *haul*. Raises ``FetchError`` where the run has to stop."""
    route = DETAIL_OF[step.kind]
    try:
        item = reading.detail(route, step.key)
    except FetchError as error:
        _fail(step, haul, error)
        return
    haul.settle()
    url = reading.address(route, step.key)
    haul.documents.append(
        document(step.kind, step.key, item, validator=step.validator, scope=step.scope, url=url)
    )


def _fail(step: Step, haul: Haul, error: FetchError) -> None:
    if isinstance(error, RetryLater) or error.reason in _STOPPING:
        raise error
    if error.reason == ITEM_UNAVAILABLE:
        return  # it was withdrawn after the list was read, or is gone as was suspected
    body = error.body[:_KEPT_OF_A_BAD_BODY]
    refusal = Refusal(step.kind, step.key, error.reason, message=str(error), body=body, scope=step.scope)
    if error.permanent:
        haul.refused.append(refusal)
        return
    haul.failing.append(refusal)
    if len(haul.failing) == _FAILURES_IN_A_ROW:
        raise error
