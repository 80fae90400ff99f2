"""A receiver on loopback and somebody who is told of changes there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.receiver import Receiver


@pytest.fixture
def owner(transactional_db: None) -> Any:
    """Somebody with a key and an address for mail."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from aggregator.api import keys

    user = get_user_model().objects.create(username="ada", email="ada@example.org")
    keys.make(user, "mirror", timezone.now())
    return user


@pytest.fixture
def there(settings: Any) -> Iterator["Receiver"]:
    """A receiver that takes everything, at an origin that may be sent to though it is on loopback."""
    from tests.receiver import receiver

    with receiver() as made:
        settings.WEBHOOK_ALLOWED_ORIGINS = (made.origin,)
        yield made
