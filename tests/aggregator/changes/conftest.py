"""What tests of the changes share."""

from collections.abc import Callable, Sequence

import pytest


@pytest.fixture
def told() -> Callable[[], Sequence[tuple[str, int, str]]]:
    """(kind, our id, action) of what was recorded since the last call, in order."""
    from aggregator.models import Change

    seen = 0

    def read() -> Sequence[tuple[str, int, str]]:
        nonlocal seen
        rows = list(
            Change.objects.filter(pk__gt=seen).order_by("pk").values_list("pk", "kind", "row", "action")
        )
        seen = rows[-1][0] if rows else seen
        return [(kind, row, action) for _, kind, row, action in rows]

    return read
