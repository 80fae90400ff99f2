"""What an owner does with an endpoint."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from aggregator.changes import feed
from aggregator.deliveries import signing
from aggregator.http import is_public_address
from aggregator.models import Delivery, Endpoint
from aggregator.vocabulary import DeliveryState, EndpointState

MOST_ENDPOINTS = 10
LONGEST_URL = 500
# How long both signatures are sent after the secret was changed.
GRACE = timedelta(hours=24)


class BadAddress(ValueError):
    """An address that is not sent to; the sentence is for the owner."""


class TooManyEndpoints(Exception):
    """The owner has ``MOST_ENDPOINTS`` already."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An endpoint and its signing secret, which is shown this once."""

    endpoint: Endpoint
    secret: str


def checked_address(url: str) -> str:
    """*url* if deliveries may be sent there. Raises ``BadAddress``. Where a name leads is checked at every sending."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress(_("This is not a web address.")) from None
    if not host or len(url) > LONGEST_URL or not url.isascii() or any(c.isspace() for c in url):
        raise BadAddress(_("This is not a web address."))
    if f"{parts.scheme}://{parts.netloc}" in settings.WEBHOOK_ALLOWED_ORIGINS:
        return url
    if parts.scheme != "https":
        raise BadAddress(_("The address has to begin with https://."))
    if parts.username is not None or parts.fragment:
        raise BadAddress(_("The address must hold no user name and nothing after a #."))
    if port is not None and port != 443 and port < 1024:
        raise BadAddress(_("The port has to be 443, or above 1023."))
    if not (is_public_address(host) if _is_literal(host) else "." in host):
        raise BadAddress(_("The address has to be on the open Internet."))
    return url


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def register(owner: Any, url: str, filters: Mapping[str, Sequence[str]], now: datetime) -> Registered:
    """A new endpoint of *owner*, told of what happens from now on.

    *filters* may name ``kinds``, ``providers`` and ``actions``. Raises ``BadAddress`` and ``TooManyEndpoints``.
    """
    address, secret = checked_address(url), signing.new_secret()
    cursor = feed.written(feed.now(), feed.era())
    with transaction.atomic():
        if Endpoint.objects.filter(owner=owner).count() >= MOST_ENDPOINTS:
            raise TooManyEndpoints
        endpoint = Endpoint.objects.create(
            owner=owner,
            url=address,
            secret=signing.sealed(secret),
            cursor=cursor,
            created_at=now,
            **{name: list(values) for name, values in filters.items()},
        )
    return Registered(endpoint, secret)


def change(endpoint: Endpoint, url: str, filters: Mapping[str, Sequence[str]]) -> None:
    """Send to another address, or something else, from the next delivery on. Raises ``BadAddress``."""
    values = {name: list(chosen) for name, chosen in filters.items()}
    Endpoint.objects.filter(pk=endpoint.pk).update(url=checked_address(url), **values)


def rotate(endpoint: Endpoint, now: datetime) -> Registered:
    """Give *endpoint* another secret; for ``GRACE`` both sign, so that a receiver can change in peace."""
    secret = signing.new_secret()
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, now + GRACE
    endpoint.secret = signing.sealed(secret)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    return Registered(endpoint, secret)


def pause(endpoint: Endpoint) -> None:
    """Send nothing until the owner says so; what happens meanwhile waits."""
    Endpoint.objects.filter(pk=endpoint.pk, state=EndpointState.ACTIVE).update(state=EndpointState.PAUSED)


def resume(endpoint: Endpoint, now: datetime, *, skip: bool = False) -> None:
    """Send again, also to an endpoint that was disabled. *skip* leaves out what happened meanwhile."""
    started: dict[str, Any] = {}
    with transaction.atomic():
        waiting = Delivery.objects.filter(endpoint=endpoint.pk, state=DeliveryState.WAITING)
        if skip:
            started["cursor"] = feed.written(feed.now(), feed.era())
            waiting.update(state=DeliveryState.FAILED, reason="skipped")
        else:
            waiting.update(due_at=now, first_tried_at=None, attempts=0)
        Endpoint.objects.filter(pk=endpoint.pk).update(
            state=EndpointState.ACTIVE, reason="", failures=0, rests_until=None, disabled_at=None, **started
        )


def send_test(endpoint: Endpoint, now: datetime) -> Delivery:
    """A delivery that says nothing, due now."""
    return Delivery.objects.create(
        endpoint=endpoint, message=f"msg_test_{secrets.token_hex(12)}", at=now, due_at=now, created_at=now
    )


def replay(deliveries: Any, now: datetime) -> int:
    """Send *deliveries*, a queryset, again under their old message ids; gives how many. What waits is tried now."""
    number: int = deliveries.update(
        state=DeliveryState.WAITING, due_at=now, attempts=0, first_tried_at=None, reason="", status=None
    )
    return number
