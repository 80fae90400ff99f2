"""The API's addresses: read the question, ask for the rows, write them out."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from aggregator.addresses import absolute, api_path
from aggregator.api import people, serializers
from aggregator.api.problems import Gone, NoSuchPage, handle
from aggregator.api.questions import Question, read_people_question, read_question, refuse_unknown
from aggregator.models import Event, Person, Showing, Tombstone
from aggregator.search.people import find_people
from aggregator.search.showings import by_first_showing, count, find_events, find_showings
from aggregator.vocabulary import Kind

DETAIL_SHOWINGS = 400
LISTS = ("events", "showings", "people")


class Reading(APIView):
    """What all addresses share: anybody may read, nobody may write, refusals are problem documents."""

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes: Sequence[type[BasePermission]] = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    parser_classes = ()
    http_method_names = ("get", "head", "options")

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """Our own, whatever the settings say."""
        return handle


class Index(Reading):
    """What there is."""

    def get(self, request: Request) -> Response:
        """The lists and their addresses."""
        refuse_unknown(dict(request.query_params.lists()), ())
        return Response({kind: absolute(api_path(kind)) for kind in LISTS})


class Events(Reading):
    """``/api/v1/events/``"""

    def get(self, request: Request) -> Response:
        """A page of events, by id unless asked otherwise."""
        question = read_question(dict(request.query_params.lists()), ordering="id")
        found = find_events(question.criteria)
        if question.ordering != "id":
            found = by_first_showing(found, question.criteria, backwards=question.ordering == "-start")
        return _page(request, question, found, serializers.events)


class Showings(Reading):
    """``/api/v1/showings/``"""

    def get(self, request: Request) -> Response:
        """A page of showings, by programme day and start unless asked otherwise."""
        question = read_question(dict(request.query_params.lists()), ordering="start")
        found = find_showings(question.criteria)
        if question.ordering == "-start":
            found = found.reverse()
        elif question.ordering == "id":
            found = found.order_by("id")
        return _page(request, question, found, serializers.showings)


class EventDetail(Reading):
    """``/api/v1/events/<id>/``"""

    def get(self, request: Request, pk: int) -> Response:
        """One event with its showings; a withdrawn one says so in ``status``, a hidden one is not there."""
        refuse_unknown(dict(request.query_params.lists()), ())
        found = serializers.events(Event.objects.filter(pk=pk, hidden_at=None))
        if not found:
            raise _absence(Kind.EVENT, pk)
        rows = Showing.objects.filter(event=pk, hidden_at=None).order_by("starts_at", "id")
        return Response({**found[0], "showings": serializers.showings(rows[:DETAIL_SHOWINGS])})


class ShowingDetail(Reading):
    """``/api/v1/showings/<id>/``"""

    def get(self, request: Request, pk: int) -> Response:
        """One showing; a withdrawn one says so in ``status``, a hidden one is not there."""
        refuse_unknown(dict(request.query_params.lists()), ())
        found = serializers.showings(Showing.objects.filter(pk=pk, hidden_at=None, event__hidden_at=None))
        if not found:
            raise _absence(Kind.SHOWING, pk)
        return Response(found[0])


class People(Reading):
    """``/api/v1/people/``"""

    def get(self, request: Request) -> Response:
        """A page of people with a public profile, by id."""
        question = read_people_question(dict(request.query_params.lists()))
        found = find_people(question.criteria)
        if question.ordering == "-id":
            found = found.reverse()
        return _page(request, question, found, people.people)


class PersonDetail(Reading):
    """``/api/v1/people/<id>/``"""

    def get(self, request: Request, pk: int) -> Response:
        """One person with the credits that name them; whoever is hidden or not public is not there."""
        refuse_unknown(dict(request.query_params.lists()), ())
        found = people.people(Person.objects.filter(pk=pk, public=True, hidden_at=None))
        if not found:
            raise _absence(Kind.PERSON, pk)
        return Response({**found[0], "credits": people.credits(pk)})


class Nowhere(Reading):
    """Every other address under ``/api/v1/``."""

    def get(self, request: Request, **_: Any) -> Response:
        """Refused as a problem document, not as a web page."""
        raise Http404


def _absence(kind: Kind, pk: int) -> Exception:
    """Why there is nothing under an id: forgotten for good, or simply not there."""
    forgotten = Tombstone.objects.filter(kind=kind, row=pk).exists()
    return Gone() if forgotten else Http404()


def _page(
    request: Request,
    question: Question,
    found: QuerySet[Any],
    write: Callable[[QuerySet[Any]], Sequence[dict[str, Any]]],
) -> Response:
    """The envelope around one page. The count stops at a limit and then says that there are more."""
    number, capped = count(found)
    rows = write(found[question.offset : question.offset + question.page_size])
    if not rows and question.page > 1:
        raise NoSuchPage("page", "There is no such page.")
    more = capped or question.offset + len(rows) < number
    body: dict[str, Any] = {"count": number}
    if capped:
        body["count_is_minimum"] = True
    body["next"] = _address(request, question.page + 1) if more and len(rows) == question.page_size else None
    body["previous"] = _address(request, question.page - 1) if question.page > 1 else None
    body["results"] = rows
    return Response(body)


def _address(request: Request, page: int) -> str:
    values = {name: given for name, given in request.query_params.lists() if name != "page"}
    return f"{absolute(request.path)}?{urlencode({**values, 'page': page}, doseq=True)}"
