"""Finding films, people, venues, festivals, sections, organisations and categories."""

from typing import Any

from django.db.models import QuerySet

from aggregator.models import Category, Festival, Film, Organisation, Person, SearchEntry, Section, Venue
from aggregator.search import ranking
from aggregator.search.criteria import Criteria
from aggregator.search.matching import matching
from aggregator.vocabulary import Kind


def find_films(criteria: Criteria) -> QuerySet[Film]:
    """Films that visitors may see and that meet *criteria* (texts, providers, festivals, sections, languages)."""
    asked = ("texts", "providers", "festivals", "sections", "languages")
    return _found(Film.objects.public(), Kind.FILM, criteria, asked)


def find_people(criteria: Criteria) -> QuerySet[Person]:
    """People whose profile visitors may see and who meet *criteria* (texts, providers)."""
    return _found(Person.objects.public().filter(public=True), Kind.PERSON, criteria, ("texts", "providers"))


def find_venues(criteria: Criteria) -> QuerySet[Venue]:
    """Venues that visitors may see and that meet *criteria* (texts, providers, cities, countries)."""
    asked = ("texts", "providers", "cities", "countries")
    return _found(Venue.objects.public(), Kind.VENUE, criteria, asked)


def find_festivals(criteria: Criteria) -> QuerySet[Festival]:
    """Festivals that visitors may see and that meet *criteria* (texts, providers, days)."""
    found = Festival.objects.public()
    if criteria.start:
        found = found.filter(ends_on__gte=criteria.start)
    if criteria.end:
        found = found.filter(starts_on__lte=criteria.end)
    return _found(found, Kind.FESTIVAL, criteria, ("texts", "providers"))


def find_sections(criteria: Criteria) -> QuerySet[Section]:
    """Sections of festivals that visitors may see and that meet *criteria* (texts, providers, festivals)."""
    found = Section.objects.public().filter(festival__hidden_at=None)
    return _found(found, Kind.SECTION, criteria, ("texts", "providers", "festivals"))


def find_organisations(criteria: Criteria) -> QuerySet[Organisation]:
    """Organisations that visitors may see and that meet *criteria* (texts, providers)."""
    return _found(Organisation.objects.public(), Kind.ORGANISATION, criteria, ("texts", "providers"))


def find_categories(criteria: Criteria) -> QuerySet[Category]:
    """Categories that visitors may see and that meet *criteria* (providers). They are few and have no entries."""
    found = Category.objects.public()
    if criteria.providers:
        found = found.filter(provider__in=criteria.providers)
    return found.order_by("-id" if criteria.ordering == "-id" else "id")


def _found(rows: QuerySet[Any], kind: Kind, criteria: Criteria, asked: tuple[str, ...]) -> QuerySet[Any]:
    matched = matching(criteria, kind, asked)
    if matched.hopeless:
        return rows.none()
    if matched.question:
        rows = rows.filter(id__in=matched.narrow(SearchEntry.objects.all()).values("row"))
        if criteria.ordering == "relevance" and criteria.texts:
            return ranking.ranked(rows, [one.row for one in ranking.best(matched, ranking.MOST)])
    return rows.order_by("-id" if criteria.ordering == "-id" else "id")
