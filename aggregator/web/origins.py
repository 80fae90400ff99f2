"""Where the programme comes from, as every page says it: provider, link and age. One query a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from aggregator.addresses import web_link
from aggregator.admission import text_of_html
from aggregator.models import Event, Person, Source
from aggregator.web import clock


@dataclass(frozen=True, slots=True)
class Origin:
    """A provider to a visitor. *age* says in words when it was last read well, "" for never; *line* is how it wants
    to be named; *has_rows* whether visitors can see anything of it.
    """

    slug: str
    name: str
    homepage: str = ""
    line: str = ""
    age: str = ""
    configured: bool = False
    has_rows: bool = False


def known(now: datetime) -> Mapping[str, Origin]:
    """Every provider there is, by slug, in the order of the registry. One query."""
    events = Event.objects.public().filter(provider=OuterRef("slug"))
    people = Person.objects.public().filter(provider=OuterRef("slug"), public=True)
    read = Source.objects.annotate(events=Exists(events), people=Exists(people))
    columns = read.values_list("slug", "last_good_at", "events", "people")
    stored = {slug: (at, events or people) for slug, at, events, people in columns}
    found = {}
    for slug, entry in settings.PROVIDERS.items():
        at, has_rows = stored.get(slug, (None, False))
        found[slug] = Origin(
            slug=slug,
            name=entry.provider.name,
            homepage=web_link(entry.provider.homepage),
            line=text_of_html(entry.provider.attribution),
            age=clock.age(at, now),
            configured=entry.config is not None,
            has_rows=has_rows,
        )
    return found


def origin_of(slug: str, known: Mapping[str, Origin]) -> Origin:
    """The provider of a row; one that is no longer installed is named by its slug."""
    return known.get(slug) or Origin(slug, slug)


def provider_name(slug: str) -> str:
    """What a provider is called; its slug where it is no longer installed."""
    entry = settings.PROVIDERS.get(slug)
    return entry.provider.name if entry else slug


def told(known: Mapping[str, Origin]) -> tuple[Origin, ...]:
    """Those that the foot of a page names: whatever visitors can see comes from them."""
    return tuple(one for one in known.values() if one.has_rows and one.age)
