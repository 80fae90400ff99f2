"""The upstream documents behind a row, opened for staff. Never for visitors: they hold what may not be published."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.models import Provenance, SourceDocument
from aggregator.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stored document and whether it still speaks of the row; *body* as ``opened`` gives it."""

    id: int
    kind: str
    key: str
    url: str
    fetched_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    validator: str
    mapping_version: int
    current: bool
    body: Any

    @property
    def text(self) -> str:
        """The body for reading; JSON on many lines."""
        return _printed(self.body)


def behind(kind: Kind, pk: int, most: int | None = None) -> list[Evidence]:
    """Documents that speak or spoke of the row *pk* of *kind*, those that still do first. One query."""
    ties = Provenance.objects.filter(kind=kind, row=pk).select_related("document")
    ordered = ties.order_by("-current", "document__kind", "id")[:most]
    return [_evidence(tie.document, tie.current) for tie in ordered]


def _evidence(document: SourceDocument, current: bool) -> Evidence:
    return Evidence(
        id=document.pk,
        kind=document.kind,
        key=document.key,
        url=document.url,
        fetched_at=document.fetched_at,
        last_seen_at=document.last_seen_at,
        gone_at=document.gone_at,
        validator=document.validator,
        mapping_version=document.mapping_version,
        current=current,
        body=opened(document),
    )


def opened(document: SourceDocument) -> Any:
    """The body unpacked: a JSON document as its value, everything else, and JSON that is broken, as text."""
    text = zlib.decompress(document.body).decode("utf-8", "replace")
    if not document.media_type.endswith("json"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def printed(document: SourceDocument) -> str:
    """The body as text for reading; JSON on many lines."""
    return _printed(opened(document))


def _printed(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=2)


def unpublished(body: Any, names: Iterable[str]) -> list[str]:
    """Which of *names* stand in *body* at any depth: what nobody but staff may see."""
    found: set[str] = set()
    _collect(body, frozenset(names), found)
    return sorted(found)


def _collect(part: Any, names: frozenset[str], found: set[str]) -> None:
    if isinstance(part, dict):
        found |= names & part.keys()
        for value in part.values():
            _collect(value, names, found)
    elif isinstance(part, list):
        for value in part:
            _collect(value, names, found)
