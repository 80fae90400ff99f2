"""Single objects as JSON-LD: exactly what their page says of them in the words of schema.org."""

import json
from typing import Any

from django.utils import timezone

from aggregator import languages
from aggregator.models import Showing
from aggregator.vocabulary import Kind
from aggregator.web import origins, structured
from aggregator.web.details import DETAILS
from aggregator.web.timetable import offers_of

_PARTS = ("event__film", "event__festival", "event__organisation", "venue")


def document(kind: Kind, pk: int) -> bytes:
    """The object of *kind* with our id *pk*, which is there, as a document with its context."""
    language = languages.current()
    things = _showing(pk, language) if kind is Kind.SHOWING else _page(kind, pk, language)
    whole = {"@context": "https://schema.org", "@graph": list(things)}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")


def _page(kind: Kind, pk: int, language: str) -> Any:
    now = timezone.now()
    detail = DETAILS[kind]
    row = detail.find(pk)
    return () if row is None else detail.describe(row, language, now, origins.known(now)).structured


def _showing(pk: int, language: str) -> Any:
    rows = list(Showing.objects.filter(pk=pk).select_related(*_PARTS))
    return structured.events(rows, language, offers_of(rows))
