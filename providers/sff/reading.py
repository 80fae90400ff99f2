"""One visit's requests, and items packed into batches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from aggregator.http import FetchError, Response, RetryLater, faults
from aggregator.provider import Batch, Document, Refusal, Visit
from aggregator.vocabulary import Mode
from providers.sff import answers
from providers.sff.items import plausible_stamp
from providers.sff.routes import KEY_HEADER, url

Values = Mapping[str, str | int]
NOTHING: Final[Values] = {}
#: Seconds that a delta reaches back before the newest stamp seen.
OVERLAP: Final = 60
BATCH: Final = 100

_FAULTS_OF_ONE_ANSWER: Final = frozenset(
    {
        answers.UPSTREAM_ERROR,
        faults.NOT_FOUND,
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


@dataclass
class Reading:
    """What one visit reads with. ``films`` keeps, per festival, the films that its events named in this
    visit.
    """

    visit: Visit
    films: dict[str, set[str]] = field(default_factory=dict)

    def address(self, route: str, values: Values = NOTHING) -> str:
        return url(self.visit.config, route, **values)

    def rows(self, route: str, values: Values = NOTHING) -> Iterator[object]:
        """The items of a list, streamed. Raises ``FetchError``, ``RetryLater``."""
        with self._get(self.address(route, values)) as response:
            yield from answers.rows(response, self.visit.config.format)

    def record(self, route: str, values: Values = NOTHING) -> dict[str, object] | None:
        """A single record, None where upstream knows none. Raises ``FetchError``, ``RetryLater``."""
        with self._get(self.address(route, values)) as response:
            return answers.record(response, self.visit.config.format)

    def cursor(self, feed: str) -> int | None:
        """The newest stamp seen in *feed*; None before the first reading and for one beyond belief."""
        return plausible_stamp(self.visit.cursor(feed), self.visit.now)

    def since(self, feed: str) -> dict[str, int]:
        """The argument that asks for changes only; none in a full run and before the first one."""
        stamp = None if self.visit.mode is Mode.FULL else self.cursor(feed)
        return {} if stamp is None else {"since": max(1, stamp - OVERLAP)}

    def moved(self, feed: str, newest: int) -> Mapping[str, str]:
        """The cursor after reading *feed* up to *newest*, which is 0 where nothing came: then it stays."""
        behind = self.visit.mode is not Mode.FULL and newest <= (self.cursor(feed) or 0)
        return {} if not newest or behind else {feed: str(newest)}

    def _get(self, address: str) -> Response:
        key = self.visit.config.api_key.get_secret_value()
        return self.visit.http.get(address, headers={KEY_HEADER: key}, accept_status=(404,))


def packed(items: Iterable[Document | Refusal], position: Mapping[str, str]) -> Iterator[Batch]:
    """Batches of at most a hundred items. In a batch a later document takes the place of an earlier one of
    its id.

    Where reading breaks off, the items before the break are yielded first.
    """
    documents: dict[str, Document] = {}
    refused: list[Refusal] = []
    source = iter(items)
    while True:
        broken: FetchError | None = None
        item: Document | Refusal | None = None
        try:
            item = next(source, None)
        except FetchError as error:
            broken = error
        if isinstance(item, Document):
            documents[item.key] = item
        elif item is not None:
            refused.append(item)
        if len(documents) + len(refused) >= BATCH or (item is None and (documents or refused)):
            yield Batch(documents=tuple(documents.values()), refused=tuple(refused), position=position)
            documents, refused = {}, []
        if broken is not None:
            raise broken
        if item is None:
            return


def is_fault_of_one_answer(error: FetchError) -> bool:
    """Whether a failure may be that of one address, and the rest is worth asking for."""
    return not isinstance(error, RetryLater) and error.reason in _FAULTS_OF_ONE_ANSWER
