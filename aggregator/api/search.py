"""``/api/v1/search/``: one text looked for in all kinds at once."""

from django.http import HttpResponse
from rest_framework.request import Request

from aggregator.addresses import PLURALS, absolute, api_path, path_of
from aggregator.api.fields import (
    ID,
    INTEGER,
    LINK,
    NUMBER,
    TEXT,
    TRUTH,
    Field,
    Json,
    example_of,
    object_schema,
    several,
)
from aggregator.api.problems import BadParameter
from aggregator.api.questions import number, read_filters, refuse_unknown, single
from aggregator.api.schema import operations, parameters
from aggregator.api.views import Reading
from aggregator.search.criteria import LONGEST_TEXT
from aggregator.search.everything import Group, Hit, search_everything

HITS = 5
MOST_HITS = 20
_FRAGMENT = (
    Field("text", TEXT, "A piece of the text.", "Natt"),
    Field("marked", TRUTH, "Whether it is what was looked for.", True),
)
_KIND = {"type": "string", "enum": sorted(PLURALS.values())}
_HIT = (
    Field("kind", _KIND, "Which list it is in.", "events"),
    Field("id", ID, "Our id.", 4711),
    Field("url", LINK, "Its page for people.", "https://events.example/events/4711-nattlinjen/"),
    Field("api_url", LINK, "It in the API.", "https://events.example/api/v1/events/4711/"),
    Field("title", TEXT, "Its title or name.", "Nattlinjen"),
    Field(
        "fragment",
        several(object_schema(_FRAGMENT, "A piece.", ("text", "marked"))),
        "Where it was found, in pieces; plain text, never HTML.",
        [{"text": "Natt", "marked": True}, {"text": "linjen", "marked": False}],
    ),
    Field("score", NUMBER, "How well it fits; to be compared within one answer only.", 0.87),
)
_GROUP = (
    Field("kind", _KIND, "Which list.", "events"),
    Field("total", INTEGER, "How many of this kind were found.", 1),
    Field("total_is_minimum", TRUTH, "True where there are more than `total`.", False),
    Field("hits", several(object_schema(_HIT, "Something found.")), "The best of them.", [example_of(_HIT)]),
)
_ANSWER = (
    Field("q", TEXT, "What was looked for.", "natt"),
    Field("results", several(object_schema(_GROUP, "One kind.")), "The kind with the best hit first.", []),
)


class Search(Reading):
    """The best hits of every kind."""

    def describe(self) -> Json:
        """See ``Reading``."""
        words = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
        q = {**parameters.query("q", words, "Words, all of which must be found.", "natt"), "required": True}
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_HITS, "default": HITS}
        return operations.operation(
            "search",
            "search",
            "Search everything",
            "One text in all kinds at once, the best few hits of each. For more of one kind ask its list with `q`.",
            parameters=[
                q,
                parameters.query("limit", limit, "Hits of each kind.", 3),
                parameters.format_of(("json",)),
                parameters.IF_NONE_MATCH,
            ],
            answer=operations.answer(
                object_schema(_ANSWER, "What was found."), {"q": "natt", "results": [example_of(_GROUP)]}
            ),
            refused=("304",),
        )

    def get(self, request: Request) -> HttpResponse:
        """Groups of hits for ``q``."""
        values = dict(request.query_params.lists())
        refuse_unknown(values, ("q", "limit", "format"))
        if not single(values, "q"):
            raise BadParameter("q", "Say what to look for: q=…")
        [text] = read_filters(values).texts
        groups = search_everything(text, "", number(values, "limit", HITS, MOST_HITS))
        return self.told(request, {"q": text, "results": [_group(group) for group in groups]})


def _group(group: Group) -> Json:
    return {
        "kind": PLURALS[group.kind],
        "total": group.total,
        "total_is_minimum": group.total_is_minimum,
        "hits": [_hit(hit) for hit in group.hits],
    }


def _hit(hit: Hit) -> Json:
    kind = PLURALS[hit.kind]
    return {
        "kind": kind,
        "id": hit.id,
        "url": absolute(path_of(hit.kind, hit.id, hit.title)),
        "api_url": absolute(api_path(kind, hit.id)),
        "title": hit.title,
        "fragment": [{"text": text, "marked": marked} for text, marked in hit.fragment],
        "score": round(hit.score, 4),
    }
