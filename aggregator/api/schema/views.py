"""``/api/v1/schema/``: the description itself."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.renderers import OpenApiYamlRenderer
from rest_framework.request import Request

from aggregator.api.answers import answer, written
from aggregator.api.formats import MEDIA
from aggregator.api.questions import refuse_unknown
from aggregator.api.schema import document
from aggregator.api.views import Reading


class Schema(Reading):
    """The OpenAPI document, as JSON or, with ``format=yaml``, as YAML."""

    formats = ("json", "yaml")

    def get(self, request: Request) -> HttpResponse:
        """The whole document."""
        refuse_unknown(dict(request.query_params.lists()), ("format",))
        return answer(request._request, content_of(self.form), MEDIA[self.form])


@lru_cache(maxsize=2)
def content_of(form: str) -> bytes:
    """The document in *form*, as it is sent."""
    if form == "yaml":
        renderer: Any = OpenApiYamlRenderer  # drf-spectacular leaves it untyped
        text: bytes = renderer().render(document(), renderer_context={})
        return text
    return written(document(), readable=True)
