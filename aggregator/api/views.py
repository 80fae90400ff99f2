"""The API's addresses: read the question, ask for the rows, write them out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from aggregator.addresses import absolute, api_path
from aggregator.api.answers import answer, is_for_eyes, last_modified, link_header, written
from aggregator.api.deprecations import Deprecation
from aggregator.api.fields import Json, Wanted
from aggregator.api.formats import MEDIA, calendar, chosen, linked, stream
from aggregator.api.kinds import people, providers
from aggregator.api.paging import page, told
from aggregator.api.problems import Gone, handle
from aggregator.api.questions import detail_names_of, read_fields, read_question, read_wanted, refuse_unknown
from aggregator.api.resources import RESOURCES, Resource
from aggregator.api.rows import fetched
from aggregator.api.schema import Described, operations
from aggregator.models import Showing, Tombstone

DETAIL_SHOWINGS = 400
INDEX = (*RESOURCES, "providers", "search", "changes", "schema", "docs")


class Reading(APIView):
    """What all addresses share: anybody may read, nobody may write, refusals are problem documents.

    ``formats`` are the forms that the address can answer in; ``form`` is the one that this request gets.
    ``deprecation`` is set for what is going to end.
    """

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes: Sequence[type[BasePermission]] = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    parser_classes = ()
    http_method_names: Any = ("get", "head", "options")
    schema = Described()
    formats: tuple[str, ...] = ("json",)
    form = "json"
    deprecation: Deprecation | None = None

    def describe(self) -> Json | None:
        """The operation object of ``get`` for the schema; None for what is not part of the public API."""
        return None

    def get_exception_handler(self) -> Callable[..., HttpResponse | None]:
        """Our own, whatever the settings say."""
        return handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing is answered any more by what has ended."""
        super().initial(request, *args, **kwargs)
        if self.deprecation is not None and self.deprecation.has_ended(timezone.now()):
            raise Gone(self.deprecation.sentence)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say in every answer when this ends, if it does."""
        if self.deprecation is not None:
            for name, value in self.deprecation.headers().items():
                response[name] = f"{response[name]}, {value}" if name in response else value
        return super().finalize_response(request, response, *args, **kwargs)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Settle ``form``; what DRF itself renders is JSON."""
        if not force:
            self.form = chosen(request._request, self.formats)
        return JSONRenderer(), MEDIA["json"]

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Which methods there are."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def told(self, request: Request, body: Any, **further: Any) -> HttpResponse:
        """*body* as JSON under its ETag."""
        content = written(body, readable=is_for_eyes(request._request))
        return answer(request._request, content, **further)


class Index(Reading):
    """What there is."""

    def describe(self) -> Json:
        """See ``Reading``."""
        return operations.index({name: f"https://events.example{api_path(name)}" for name in INDEX})

    def get(self, request: Request) -> HttpResponse:
        """The lists and their addresses."""
        refuse_unknown(dict(request.query_params.lists()), ("format",))
        body = {name: absolute(api_path(name)) for name in INDEX}
        links = [("service-desc", body["schema"]), ("service-doc", body["docs"])]
        return self.told(request, body, headers=link_header(links))


class Listing(Reading):
    """``/api/v1/<kind>/``"""

    resource: Resource = None  # type: ignore[assignment]  # as_view() gives it

    def describe(self) -> Json:
        """See ``Reading``."""
        return operations.list_of(self.resource)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A list has the forms of its resource."""
        self.formats = self.resource.formats
        super().initial(request, *args, **kwargs)

    def get(self, request: Request) -> HttpResponseBase:
        """A page of objects, or all of them in a form without pages."""
        given = request.query_params
        values = dict(given.lists())
        if self.form == "jsonl":  # a snapshot: by what does not change while it is read
            values.setdefault("ordering", ["id"])
        question = read_question(self.resource, values, paged=self.form == "json")
        if self.form != "json":
            return stream(request._request, self.form, self.resource, question)
        body = page(request.path, given, self.resource, question)
        links = [("next", body["next"]), ("prev", body["previous"])]
        return self.told(request, body, headers=link_header(links))


class Detail(Reading):
    """``/api/v1/<kind>/<id>/``"""

    resource: Resource = None  # type: ignore[assignment]  # as_view() gives it

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """An object has the forms of its resource."""
        self.formats = self.resource.alone
        super().initial(request, *args, **kwargs)

    def describe(self) -> Json:
        """See ``Reading``."""
        return operations.one_of(self.resource, operations.links_of(self.resource, RESOURCES))

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """One object. A withdrawn one says so in ``status``, a hidden one is not there, a forgotten one is gone."""
        values = dict(request.query_params.lists())
        refuse_unknown(values, detail_names_of(self.resource))
        stamps: list[Any] = []
        wanted = replace(read_wanted(self.resource, values, further=True), stamps=stamps)
        rows = list(wanted.watch(fetched(self.resource.read(self.resource.visible().filter(pk=pk)))))
        if not rows:
            raise self._absence(pk)
        if self.form == "jsonld":
            return answer(request._request, linked.document(self.resource.kind, pk), MEDIA["jsonld"])
        if self.form == "ics":
            found = calendar.showings(self.resource, self.resource.visible().filter(pk=pk))
            return calendar.answered(request._request, f"Marquee: {self.resource.one} {pk}", found)
        [body] = told(self.resource, rows, wanted)
        body |= _further(self.resource, pk, wanted)
        return self.told(request, body, modified=last_modified(stamps, timezone.now()))

    def _absence(self, pk: int) -> Exception:
        """Why there is nothing under an id: forgotten for good, or simply not there."""
        forgotten = Tombstone.objects.filter(kind=self.resource.kind, row=pk).exists()
        return Gone() if forgotten else Http404()


def _further(resource: Resource, pk: int, wanted: Wanted) -> Json:
    """What one object says that a list of its kind does not."""
    if resource.name == "people" and wanted.has("credits"):
        return {"credits": people.credits(pk, wanted)}
    if resource.name == "events" and wanted.has("showings"):
        showings = RESOURCES["showings"]
        found = Showing.objects.filter(event=pk, hidden_at=None).order_by("starts_at", "id")
        rows = list(wanted.watch(fetched(showings.read(found)[:DETAIL_SHOWINGS])))
        return {"showings": showings.write(rows, Wanted(stamps=wanted.stamps))}
    return {}


class Providers(Reading):
    """``/api/v1/providers/``: all of them; there are no pages."""

    def describe(self) -> Json:
        """See ``Reading``."""
        return operations.providers(providers.FIELDS)

    def get(self, request: Request) -> HttpResponse:
        """Every provider that is installed, in the envelope of a list."""
        values = dict(request.query_params.lists())
        refuse_unknown(values, ("fields", "format"))
        found = providers.every(read_fields(providers.FIELDS, values))
        return self.told(request, {"count": len(found), "next": None, "previous": None, "results": found})


class ProviderDetail(Reading):
    """``/api/v1/providers/<slug>/``"""

    def describe(self) -> Json:
        """See ``Reading``."""
        return operations.provider(providers.FIELDS)

    def get(self, request: Request, slug: str) -> HttpResponse:
        """One provider."""
        values = dict(request.query_params.lists())
        refuse_unknown(values, ("fields", "format"))
        for one in providers.every(read_fields(providers.FIELDS, values)):
            if one["id"] == slug:
                return self.told(request, one)
        raise Http404


class Nowhere(Reading):
    """Every other address under ``/api/v1/``."""

    http_method_names: Any = ("get", "head", "options", "post", "put", "patch", "delete")

    def get(self, request: Request, **_: Any) -> HttpResponse:
        """Refused as a problem document, not as a web page; whatever was to be done there."""
        raise Http404

    post = put = patch = delete = get
