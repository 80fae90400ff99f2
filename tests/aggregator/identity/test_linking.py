from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aggregator.identity import deciding, elsewhere, linking, works_of
from aggregator.ingest import forgetting
from aggregator.models import Event, Film, IdentityKey, IdentityLink, Person, Venue
from aggregator.vocabulary import CreditRole, Kind, LinkState
from tests.factories import NOW, make_credit, make_event, make_film, make_person, make_showing, make_venue

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=2)


def _link() -> IdentityLink:
    return IdentityLink.objects.get()


def _two_films(**columns: Any) -> tuple[Film, Film]:
    one = make_film("Gräns", year=2018, length=110, **columns)
    other = make_film("Grans", year=2018, length=110, provider="happenstand", **columns)
    for each in (one, other):
        make_credit("Ali Abbasi", CreditRole.DIRECTOR, film=each)
    return one, other


def test_the_same_film_of_two_providers_is_linked_with_score_and_reason() -> None:
    one, other = _two_films()
    assert linking.pending(LATER)
    linking.work(LATER)
    link = _link()
    assert (link.state, link.left_label) == (LinkState.LINKED, "Grans")
    assert "the same director" in link.reason
    assert elsewhere(Kind.FILM, one.provider, one.external_id) == (other,)
    assert elsewhere(Kind.FILM, other.provider, other.external_id) == (one,)
    assert not linking.pending(LATER)


def test_rows_that_may_not_be_committed_yet_are_left_to_a_later_pass() -> None:
    _two_films()
    assert linking.work(NOW + timedelta(seconds=30)) == 0
    assert linking.work(LATER) == 2


def test_an_event_of_a_ticket_shop_is_linked_to_the_film_it_shows_at_that_minute() -> None:
    film = make_film("Vitskön", year=2025)
    make_showing(make_event("Vitskön", film=film), venue=make_venue("Skandia"))
    shop = make_event("Förhandsvisning: Vitskön", provider="kulturbiljetter")
    make_showing(shop, venue=make_venue("Bio Skandia", provider="kulturbiljetter"))
    linking.work(LATER)
    assert film in elsewhere(Kind.EVENT, shop.provider, shop.external_id)


def test_an_event_whose_film_upstream_names_needs_no_link_to_it() -> None:
    film = make_film("Vitskön på isen", year=2025)
    make_showing(make_event("Vitskön på isen", film=film))
    linking.work(LATER)
    assert not IdentityLink.objects.exists()


def test_a_row_that_changes_is_compared_again_and_its_link_goes() -> None:
    one, other = _two_films()
    linking.work(LATER)
    Film.objects.filter(pk=other.pk).update(year=1994, updated_at=LATER)
    linking.work(LATER + timedelta(minutes=2))
    assert not IdentityLink.objects.exists()
    assert elsewhere(Kind.FILM, one.provider, one.external_id) == ()


def test_a_persons_decision_survives_every_later_pass_and_can_be_taken_back() -> None:
    one, _other = _two_films()
    linking.work(LATER)
    deciding.decide(IdentityLink.objects.all(), same=False, by="op", now=LATER)
    Film.objects.update(updated_at=LATER, length=111)
    linking.work(LATER + timedelta(minutes=2))
    assert (_link().state, _link().decided_by) == (LinkState.DIFFERENT, "op")
    assert elsewhere(Kind.FILM, one.provider, one.external_id) == ()
    assert deciding.take_back(IdentityLink.objects.all()) == 1
    assert (_link().state, _link().decided_by) == (LinkState.LINKED, "")


def test_a_decision_survives_rows_that_no_longer_look_alike() -> None:
    _, other = _two_films()
    linking.work(LATER)
    deciding.decide(IdentityLink.objects.all(), same=True, by="op", now=LATER)
    Film.objects.filter(pk=other.pk).update(year=1994, updated_at=LATER)
    linking.work(LATER + timedelta(minutes=2))
    assert _link().state == LinkState.SAME


def test_a_doubtful_pair_awaits_a_person_and_is_not_shown() -> None:
    one = make_venue("Supersonic", city="Paris", latitude=48.85, longitude=2.37, coordinates="exact")
    make_venue("Supersonic Records", city="Paris", latitude=48.85, longitude=2.37, coordinates="exact")
    linking.work(LATER)
    assert _link().state == LinkState.CANDIDATE
    assert elsewhere(Kind.VENUE, one.provider, one.external_id) == ()


def test_a_name_in_the_credits_is_linked_to_the_profile_whose_vita_has_the_film() -> None:
    person = make_person("Astrid Malm", vita=[{"group": "film", "name": "Nattlinjen"}], provider="filmmakers")
    film = make_film("Nattlinjen")
    make_credit("Astrid Malm", CreditRole.CAST, film=film)
    linking.work(LATER)
    assert works_of(person.provider, person.external_id) == (film,)
    assert (_link().left_kind, _link().right_kind) == ("person", "credit")


def test_hidden_withdrawn_and_private_rows_are_not_shown_elsewhere() -> None:
    one, other = _two_films()
    linking.work(LATER)
    for column in ("hidden_at", "withdrawn_at"):
        Film.objects.filter(pk=other.pk).update(**{column: NOW})
        assert elsewhere(Kind.FILM, one.provider, one.external_id) == ()
        Film.objects.filter(pk=other.pk).update(**{column: None})
    alike = {"year_of_birth": 1984, "professions": ["actor"]}
    known = make_person("Astrid Malm", **alike)
    make_person("Astrid Malm", provider="filmmakers", public=False, **alike)
    linking.work(LATER)
    assert elsewhere(Kind.PERSON, known.provider, known.external_id) == ()


def test_who_is_forgotten_is_found_neither_in_links_nor_in_keys() -> None:
    alike = {"year_of_birth": 1984, "professions": ["actor"], "name": "Zyxwa Quorn"}
    gone = make_person(**alike, provider="filmmakers", external_id="77")
    linking.work(LATER)
    with transaction.atomic():
        forgetting.forget(gone.provider, [(Kind.PERSON, gone.external_id)], NOW)
    assert not IdentityKey.objects.filter(key__contains="zyxwa").exists()
    assert not IdentityLink.objects.exists()


def test_a_pass_ends_with_its_budget_and_goes_on_where_it_was() -> None:
    for number in range(130):
        make_venue(f"Venue number {number}")
    ticks = iter([0.0, 0.0, 99.0, 99.0, 99.0, 99.0, 99.0])
    assert linking.work(LATER, budget=10, monotonic=lambda: next(ticks)) == linking.STRETCH
    assert linking.work(LATER) == 30
    assert linking.work(LATER) == 0


@pytest.mark.parametrize("number", [1, 30])
def test_a_stretch_costs_the_same_statements_however_many_rows(number: int) -> None:
    for each in range(number):
        make_film(f"Film {each} av en regissör", year=2000 + each)
    linking.work(LATER)
    Film.objects.update(updated_at=LATER)
    with CaptureQueriesContext(
        connection,
    ) as told:
        linking.work(LATER + timedelta(minutes=2))
    assert len(told) <= 32


@pytest.mark.parametrize("number", [1, 12])
def test_what_is_elsewhere_takes_four_queries_at_most(
    number: int, django_assert_max_num_queries: Any
) -> None:
    venue = make_venue("Klarabiografen", city="Stockholm")
    for each in range(number):
        make_venue("Klarabiografen", city="Stockholm", provider=f"p{each}")
    linking.work(LATER)
    with django_assert_max_num_queries(2):
        assert len(elsewhere(Kind.VENUE, venue.provider, venue.external_id)) == number


def test_no_listing_row_is_written() -> None:
    _two_films()
    before = [list(model.objects.values()) for model in (Film, Event, Venue, Person)]
    linking.work(LATER)
    assert [list(model.objects.values()) for model in (Film, Event, Venue, Person)] == before
