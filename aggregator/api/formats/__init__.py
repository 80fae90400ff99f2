"""Forms other than JSON: whole lists, streamed, in the order asked for.

An answer that fits into memory at once is sent with its length and a strong ETag; a longer one is streamed as it is
read, a few hundred rows at a time, under a weak one, which is good until the feed of changes tells of anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from aggregator.api.answers import answer, standing_tag, still_stands, streamed
from aggregator.api.cursors import beyond
from aggregator.api.fields import Json
from aggregator.api.formats import calendar, geojson, lines, table
from aggregator.api.paging import told
from aggregator.api.problems import BadParameter, Problem
from aggregator.api.questions import Question
from aggregator.api.resources import Resource
from aggregator.api.rows import fetched

MEDIA: Mapping[str, str] = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "yaml": "application/yaml",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "ics": "text/calendar",
    "jsonld": "application/ld+json",
}
CHUNK = 500
HELD_BYTES = 1_000_000

Write = Callable[[Resource, Question, Iterator[list[Json]]], Iterator[bytes]]
_WRITERS: Mapping[str, Write] = {"csv": table.write, "geojson": geojson.write, "jsonl": lines.write}


def chosen(request: HttpRequest, formats: Sequence[str]) -> str:
    """The one of *formats* that ``format=`` names, else the one that ``Accept`` likes best; the first for anything."""
    named = request.GET.getlist("format")
    if named:
        if len(named) > 1:
            raise BadParameter("format", "This can be given only once.")
        if named[0] not in formats:
            raise BadParameter("format", f"Known values here are: {', '.join(formats)}.", formats, named[0])
        return named[0]
    if "Accept" not in request.headers:
        return formats[0]
    media = {MEDIA[name]: name for name in formats}
    best = request.get_preferred_type(list(media))
    if best is None:
        raise Problem("not-acceptable", known=tuple(media))
    return media[best]


def stream(request: HttpRequest, form: str, resource: Resource, question: Question) -> HttpResponseBase:
    """All that *question* asks for in *form*; held whole where it is short."""
    if form == "ics":
        found = resource.rows(question.criteria, question.order, question.since)
        return calendar.answered(request, f"Marquee: {resource.name}", calendar.showings(resource, found))
    headers = {"Content-Disposition": f'attachment; filename="{resource.name}.{form}"'}
    headers |= lines.headers() if form == "jsonl" else {}
    tag = standing_tag(request, form)
    if unchanged := still_stands(request, tag, headers):
        return unchanged
    pieces = _WRITERS[form](resource, question, chunks(resource, question))
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > HELD_BYTES:
            break
    content_type = f"{MEDIA[form]}; charset=utf-8" if form == "csv" else MEDIA[form]
    if size <= HELD_BYTES:
        return answer(request, b"".join(held), content_type, headers=headers)
    return streamed(request, chain(held, pieces), content_type, tag, headers)


def chunks(resource: Resource, question: Question) -> Iterator[list[Json]]:
    """All objects that *question* asks for, some hundred at a time, each time from where the last ones ended."""
    found = resource.rows(question.criteria, question.order, question.since)
    rest = found
    while True:
        rows = fetched(resource.read(rest)[:CHUNK])
        if rows:
            yield told(resource, rows, question.wanted)
        if len(rows) < CHUNK:
            return
        rest = found.filter(beyond(question.order, [rows[-1][name] for name, _ in question.order.keys]))
