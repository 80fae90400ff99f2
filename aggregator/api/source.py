"""``/api/v1/<kind>/<id>/source/``: the upstream documents behind a row, for staff who are signed in."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import Http404
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from aggregator.addresses import absolute, api_path
from aggregator.api.questions import refuse_unknown
from aggregator.api.views import Reading
from aggregator.ingest import evidence
from aggregator.ingest.shapes import rows_of
from aggregator.vocabulary import Kind

KINDS = {
    "events": Kind.EVENT,
    "showings": Kind.SHOWING,
    "films": Kind.FILM,
    "people": Kind.PERSON,
    "venues": Kind.VENUE,
    "festivals": Kind.FESTIVAL,
    "sections": Kind.SECTION,
    "organisations": Kind.ORGANISATION,
    "categories": Kind.CATEGORY,
}


class Source(Reading):
    """Where a fact comes from. Hidden and withdrawn rows have documents too."""

    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAdminUser,)
    kind = "events"

    def get(self, request: Request, pk: int) -> Response:
        """Every stored document that speaks or spoke of the row; 403 for whoever is not staff."""
        refuse_unknown(dict(request.query_params.lists()), ("format",))
        kind = KINDS[self.kind]
        slug = rows_of(kind).filter(pk=pk).values_list("provider", flat=True).first()
        if slug is None:
            raise Http404
        body: dict[str, Any] = {"id": pk, "api_url": absolute(api_path(self.kind, pk)), "provider": slug}
        body["documents"] = [_told(one, _never_published(slug)) for one in evidence.behind(kind, pk)]
        return Response(body, headers={"Cache-Control": "private, no-store"})


def _never_published(slug: str) -> tuple[str, ...]:
    configured = settings.PROVIDERS.get(slug)
    return configured.provider.never_publish if configured else ()


def _told(document: evidence.Evidence, names: tuple[str, ...]) -> dict[str, Any]:
    """A document; ``never_publish`` names the fields in its body that are for staff alone."""
    return {**asdict(document), "never_publish": evidence.unpublished(document.body, names)}
