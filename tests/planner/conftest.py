"""A person, the simulated festival, and the showings of it that our listing has.

Imports of ours stand inside: this is read before Django is set up.
"""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(name="person")
def _person(db: None) -> Any:
    """Somebody with an account here."""
    from tests.planner.people import make_person

    return make_person()


@pytest.fixture(name="festival")
def _festival(settings: Any, db: None) -> Iterator[Any]:
    """The simulated festival at work, with its showings in our listing."""
    from tests.planner.festival import festival_running

    with festival_running() as made:
        made.point(settings)
        made.list_showings()
        yield made


@pytest.fixture(name="link")
def _link(festival: Any, person: Any) -> Any:
    """The person's account, linked to the festival's user ``guest``, who has nothing planned."""
    return festival.link(person)


@pytest.fixture(name="elsewhere")
def _elsewhere(festival: Any) -> Any:
    """The same user at the festival's own site."""
    return festival.elsewhere("guest")
