"""A small world for the tests of the client."""

from collections.abc import Iterator

import pytest

from providers.simulation import Running, running
from tests.providers.filmmakers.visits import NOW


@pytest.fixture(name="simulation")
def _simulation() -> Iterator[Running]:
    with running(["filmmakers"], now=NOW) as served:
        served.switch("filmmakers", "profiles", "12")
        yield served
