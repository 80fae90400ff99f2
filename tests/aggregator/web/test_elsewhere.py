"""The same thing at another provider, on its page."""

from collections.abc import Callable
from typing import Any

import pytest

from aggregator.identity.gathering import credit_key
from aggregator.models import IdentityLink, Listing
from aggregator.vocabulary import LinkState
from tests import factories

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


def link(
    left: Listing, right: Any, state: str = LinkState.LINKED, right_kind: str = "", key: str = ""
) -> None:
    left_kind = str(left._meta.model_name)
    IdentityLink.objects.create(
        left_provider=left.provider,
        left_kind=left_kind,
        left_external_id=left.external_id,
        right_provider=right.provider,
        right_kind=right_kind or str(right._meta.model_name),
        right_external_id=key or right.external_id,
        score=0.99,
        state=state,
    )


def test_a_linked_film_and_event_are_shown_and_a_candidate_is_not(page: Page) -> None:
    film = factories.make_film("Nattlinjen")
    assert "Also elsewhere" not in page(f"/films/{film.pk}-nattlinjen/")
    event = factories.make_event("Nattlinjen på Rio", provider="kulturbiljetter")
    link(film, event)
    link(film, factories.make_film("Nattlinjer", provider="sowprog"), LinkState.CANDIDATE)
    hidden = factories.make_film("Gömd", provider="happenstand")
    link(film, hidden, LinkState.SAME)
    factories.hide(hidden)
    html = page(f"/films/{film.pk}-nattlinjen/")
    assert "Also elsewhere" in html
    assert f'href="/events/{event.pk}-nattlinjen-pa-rio/"' in html
    assert "Kulturbiljetter" in html
    for other in ("Nattlinjer", "Gömd"):
        assert other not in html
    assert "Also elsewhere" in page(f"/events/{event.pk}-nattlinjen-pa-rio/")


def test_an_event_does_not_link_twice_to_its_own_film(page: Page) -> None:
    film = factories.make_film("Nattlinjen")
    event = factories.make_event("Nattlinjen", film=film)
    link(event, film)
    html = page(f"/events/{event.pk}-nattlinjen/")
    assert "Also elsewhere" not in html
    assert html.count(f'href="/films/{film.pk}-nattlinjen/"') == 1
    assert "Also elsewhere" not in page(f"/films/{film.pk}-nattlinjen/")


def test_a_persons_works_include_those_where_the_name_is_theirs(page: Page) -> None:
    person = factories.make_person("Ronja", provider="filmmakers")
    film = factories.make_film("Sjöslag")
    link(person, film, right_kind="credit", key=f"film:{film.external_id}:0")
    html = page(f"/people/{person.pk}-ronja/")
    assert f'href="/films/{film.pk}-sjoslag/"' in html


def test_a_name_leads_to_the_person_whom_it_is_linked_to(page: Page) -> None:
    person = factories.make_person("Ronja Malm", provider="filmmakers")
    film = factories.make_film("Sjöslag")
    event = factories.make_event("Sjöslag", film=film)
    factories.make_credit("Ronja Malm", "cast", film=film)
    factories.make_credit("Ronja Malm", "director", film=film)
    factories.make_credit("Ronja Malm", "speaker", event=event)
    for owner, role in ((film, "cast"), (event, "speaker")):
        kind = str(owner._meta.model_name)
        link(person, owner, right_kind="credit", key=credit_key(kind, owner.external_id, role, "Ronja Malm"))
    leading = f'<a href="/people/{person.pk}-ronja-malm/">Ronja Malm</a>'
    assert page(f"/films/{film.pk}-sjoslag/").count(leading) == 1
    assert page(f"/events/{event.pk}-sjoslag/").count(leading) == 2
    factories.hide(person)
    assert leading not in page(f"/events/{event.pk}-sjoslag/")


def test_a_name_that_may_be_a_persons_leads_nowhere_yet(page: Page) -> None:
    person = factories.make_person("Ronja Malm", provider="filmmakers")
    film = factories.make_film("Sjöslag")
    factories.make_credit("Ronja Malm", "cast", film=film)
    key = credit_key("film", film.external_id, "cast", "Ronja Malm")
    link(person, film, LinkState.CANDIDATE, right_kind="credit", key=key)
    assert f"/people/{person.pk}-" not in page(f"/films/{film.pk}-sjoslag/")
