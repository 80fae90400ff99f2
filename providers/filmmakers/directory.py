"""What profiles refer to: the labels of closed lists in every language, and agencies by the ids that are named.

There is no list of agencies, and one list of attributes takes one request per language: labels are read once a week.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aggregator.http import FetchError, RetryLater, faults
from aggregator.provider import Batch, Document, Refusal, Visit
from aggregator.readers import ReadError
from aggregator.vocabulary import Mode
from providers.filmmakers.privacy import UNREAD_LISTS
from providers.filmmakers.reading import content, encoded, get, identifier, instant

LOCALES: Final = ("en", "de", "fr", "it", "es", "pl", "ro", "ru", "tr")
LABELS: Final = "attributes"
AGENCIES: Final = "agencies"
WEEK: Final = timedelta(days=7)

_BATCH: Final = 20
_HOPS: Final = 5


def attributes(visit: Visit) -> Iterator[Batch]:
    """Every closed list, one document each with its labels in all languages, if a week has passed since last time.

    A list is read in all languages or not at all. One that upstream does not know any more is left out.
    """
    read_at = instant(visit.cursor(LABELS))
    if read_at is not None and visit.now - read_at < WEEK - timedelta(hours=1):
        return
    after = str(visit.position.get("after", ""))
    names = [name for name in _lists(visit) if name not in UNREAD_LISTS]
    for name in names:
        if name <= after:
            continue
        labels = _labels(visit, name)
        body = encoded({"list": name, "labels": labels})
        document = Document("attribute", name, body, url=f"{visit.config.base_url}{LABELS}/{name}")
        yield Batch(documents=(document,) if labels else (), position={"step": LABELS, "after": name})
    yield Batch(
        position={"step": "profiles"},
        cursors={LABELS: visit.now.isoformat()},
        complete=(("attribute", ""),),
    )


def _lists(visit: Visit) -> list[str]:
    with get(visit, f"{visit.config.base_url}{LABELS}/") as response:
        names = content(response.content())
    if not isinstance(names, list):
        raise ReadError(faults.WRONG_ROOT, detail="no list of attributes")
    return sorted({name for name in names if isinstance(name, str) and name.replace("_", "").isalnum()})


def _labels(visit: Visit, name: str) -> dict[str, dict[str, str]]:
    """Language → value → label; nothing where the list is unknown."""
    found: dict[str, dict[str, str]] = {}
    for locale in LOCALES:
        url = f"{visit.config.base_url}{LABELS}/{name}"
        with get(visit, url, {"locale": locale}, accept=(404, 410)) as response:
            if response.status != 200:
                return {}
            labels = content(response.content())
        if not isinstance(labels, dict):
            raise ReadError(faults.WRONG_ROOT, detail=f"no labels of {name}")
        found[locale] = {value: label for value, label in labels.items() if isinstance(label, str)}
    return found


def agencies(visit: Visit, met: tuple[int, ...], position: Mapping[str, Any]) -> Iterator[Batch]:
    """The agencies *met*, and in a full run those of earlier runs: each once a week, a new one at once.

    One that is gone is left as it was; one that was merged is read under its own id and under the one that it had.
    """
    known = _ids(visit.cursor(AGENCIES))
    ids = list(dict.fromkeys((*met, *(known if visit.mode is Mode.FULL else ()))))
    stored = visit.validators("agency", [str(each) for each in ids])
    week = _week(visit.now)
    due = [each for each in ids if stored.get(str(each)) != week]
    documents: list[Document] = []
    refused: list[Refusal] = []
    try:
        for each in due:
            try:
                documents += _agency(visit, each, week)
            except FetchError as error:
                if isinstance(error, RetryLater) or error.reason == faults.UNAUTHORISED:
                    raise
                refused.append(Refusal("agency", str(each), error.reason, message=str(error)))
            if len(documents) + len(refused) >= _BATCH:
                yield Batch(documents=tuple(documents), refused=tuple(refused), position=position)
                documents, refused = [], []
    except FetchError:
        if documents or refused:
            yield Batch(documents=tuple(documents), refused=tuple(refused), position=position)
        raise
    everyone = ",".join(str(each) for each in sorted({*known, *ids}))
    yield Batch(
        documents=tuple(documents),
        seen=tuple(("agency", str(each)) for each in ids if each not in due),
        refused=tuple(refused),
        position={"step": "done"},
        cursors={AGENCIES: everyone} if everyone else {},
    )


def _agency(visit: Visit, agency_id: int, week: str) -> list[Document]:
    """The agency, under every id that leads to it; nothing where it is gone."""
    trail: list[int] = []
    wanted: int | None = agency_id
    while wanted is not None and wanted not in trail and len(trail) <= _HOPS:
        trail.append(wanted)
        url = f"{visit.config.base_url}talent_agencies/{wanted}"
        with get(visit, url, accept=(404, 410)) as response:
            if response.status == 404:
                return []
            said = content(response.content()) if response.status == 200 else _gone(response.content())
            if response.status == 200:
                if not isinstance(said, dict) or identifier(said.get("id")) != wanted:
                    raise FetchError(faults.UNEXPECTED_STATUS, url=response.url, status=200, sent=True)
                return [
                    Document(
                        "agency", str(each), encoded({**said, "id": each}), validator=week, url=response.url
                    )
                    for each in trail
                ]
        wanted = identifier(said.get("new_id"))
    return []


def _gone(body: bytes) -> Mapping[str, Any]:
    try:
        said = content(body)
    except ReadError:
        return {}
    return said if isinstance(said, dict) and said.get("status") == "merged" else {}


def _ids(cursor: str | None) -> list[int]:
    return [found for part in (cursor or "").split(",") if (found := identifier(part)) is not None]


def _week(now: datetime) -> str:
    year, week, _ = now.isocalendar()
    return f"{year}-W{week:02d}"
