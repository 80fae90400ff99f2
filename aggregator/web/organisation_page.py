"""All that the page of one organisation shows: what it puts on, and whom it represents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.addresses import path_of, web_link
from aggregator.models import Event, Image, Organisation, Person, Showing
from aggregator.vocabulary import Kind, OrganisationKind
from aggregator.web import structured
from aggregator.web.attribution import Attribution, Link, attribution, link_to
from aggregator.web.cards import Card
from aggregator.web.illustration import picture_of
from aggregator.web.origins import Origin
from aggregator.web.structured.writing import Thing
from aggregator.web.texts import Text, pick_rich
from aggregator.web.timetable import coming_and_past

MOST_PEOPLE = 300
MOST_EVENTS = 100
# Of coming and of past ones: an organiser may have a whole festival's.
MOST_SHOWINGS = 40
KINDS: Mapping[str, Any] = {
    OrganisationKind.ORGANISER: gettext_lazy("Organiser"),
    OrganisationKind.AGENCY: gettext_lazy("Agency"),
    OrganisationKind.OTHER: gettext_lazy("Organisation"),
}


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation for a template. *events* are those without a coming showing, newest first."""

    name: str
    kind: Any
    withdrawn: bool
    website: str
    description: Text
    coming: tuple[Card, ...]
    past: tuple[Card, ...]
    more: bool
    events: tuple[Link, ...]
    people: tuple[Link, ...]
    picture: Image | None
    attribution: Attribution
    structured: tuple[Thing, ...]


def find(pk: int) -> Organisation | None:
    """The organisation with our id *pk*, withdrawn or not; None where there is none or it is hidden by hand."""
    return Organisation.objects.filter(pk=pk, hidden_at=None).select_related("picture").first()


def describe(
    organisation: Organisation, language: str, now: datetime, known: Mapping[str, Origin]
) -> OrganisationPage:
    """The page of *organisation* for a visitor who reads *language*; *known* are the providers by slug."""
    rows = Showing.objects.public().filter(event__organisation=organisation)
    dates = coming_and_past(rows, language, now, known, most=MOST_SHOWINGS)
    shown = {card.path for card in (*dates.coming, *dates.past)}
    events = Event.objects.public().filter(organisation=organisation).order_by("-id")[:MOST_EVENTS]
    links = (link_to(Kind.EVENT, event, language) for event in events)
    return OrganisationPage(
        name=organisation.name or _("Unnamed"),
        kind=KINDS[organisation.organisation_kind],
        withdrawn=organisation.withdrawn_at is not None,
        website=web_link(organisation.website),
        description=pick_rich(organisation.descriptions, language),
        coming=dates.coming,
        past=dates.past,
        more=dates.more,
        events=tuple(link for link in links if link and link.path not in shown),
        people=_people(organisation),
        picture=picture_of(organisation),
        attribution=attribution(organisation, known, now),
        structured=(structured.organisation(organisation, language),),
    )


def _people(organisation: Organisation) -> tuple[Link, ...]:
    rows = (
        Person.objects.public().filter(agency=organisation, public=True).order_by("sort_name", "name", "id")
    )
    return tuple(
        Link(Text(name), path_of(Kind.PERSON, pk, name))
        for pk, name in rows.values_list("pk", "name")[:MOST_PEOPLE]
    )
