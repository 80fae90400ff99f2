"""The review list: what is doubtful, and a person's word on it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from aggregator.identity import linking
from aggregator.models import IdentityLink
from aggregator.vocabulary import LinkState
from tests.factories import NOW, make_venue

pytestmark = pytest.mark.django_db
PATH = "/admin/aggregator/identitylink/"


@pytest.fixture
def link() -> IdentityLink:
    for name in ("Supersonic", "Supersonic Records"):
        make_venue(name, city="Paris", latitude=48.85, longitude=2.37, coordinates="exact")
    linking.work(NOW + timedelta(minutes=2))
    return IdentityLink.objects.get()


def test_the_list_opens_with_what_awaits_a_person(operator: Client, link: IdentityLink) -> None:
    page = operator.get(PATH).content.decode()
    assert "Supersonic = Supersonic Records" in page
    assert "one name within the other" in page
    IdentityLink.objects.update(state=LinkState.LINKED)
    assert "Supersonic = Supersonic Records" not in operator.get(PATH).content.decode()
    assert "Supersonic = Supersonic Records" in operator.get(f"{PATH}?state=all").content.decode()


@pytest.mark.parametrize(("action", "state"), [("same", LinkState.SAME), ("different", LinkState.DIFFERENT)])
def test_a_decision_names_who_made_it(
    operator: Client, link: IdentityLink, action: str, state: LinkState
) -> None:
    operator.post(f"{PATH}?state=all", {"action": action, "_selected_action": [link.pk]})
    link.refresh_from_db()
    assert (link.state, link.decided_by) == (state, "operator")
    operator.post(f"{PATH}?state=all", {"action": "take_back", "_selected_action": [link.pk]})
    link.refresh_from_db()
    assert (link.state, link.decided_by) == (LinkState.CANDIDATE, "")


def test_who_may_only_look_decides_nothing(onlooker: Callable[..., Client], link: IdentityLink) -> None:
    onlooker("identitylink").post(PATH, {"action": "same", "_selected_action": [link.pk]})
    link.refresh_from_db()
    assert link.state == LinkState.CANDIDATE
