"""What a tick does for outgoing webhooks besides having them sent."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from aggregator.deliveries.reasons import sentence
from aggregator.deliveries.sending import KEPT
from aggregator.models import Delivery, Endpoint
from aggregator.vocabulary import DeliveryState

logger = logging.getLogger(__name__)

CHUNK = 200
MAIL_ATTEMPTS = 10


def tend(now: datetime) -> None:
    """Tell owners of endpoints that were disabled, and clear away a piece of the old log.

    What still waits stays however old it is: the cursor of its endpoint has passed it, nobody else knows of it.
    """
    send_notices(now)
    ended = Delivery.objects.filter(created_at__lt=now - KEPT).exclude(state=DeliveryState.WAITING)
    old = list(ended.values_list("pk", flat=True)[: 10 * CHUNK])
    for start in range(0, len(old), CHUNK):
        Delivery.objects.filter(pk__in=old[start : start + CHUNK]).delete()


def send_notices(now: datetime) -> int:
    """Mail the owners who are due to be told; gives how many were. An owner without an address finds it on the page."""
    sent = 0
    due = Endpoint.objects.filter(notice_due__lte=now, notice_attempts__lt=MAIL_ATTEMPTS)
    for endpoint in due.select_related("owner")[:20]:
        # Claimed before it is sent, so that two ticks do not mail the same notice.
        later = now + timedelta(minutes=2 ** min(endpoint.notice_attempts, 8))
        claim = Endpoint.objects.filter(pk=endpoint.pk, notice_attempts=endpoint.notice_attempts)
        if not claim.update(notice_attempts=endpoint.notice_attempts + 1, notice_due=later):
            continue
        address = getattr(endpoint.owner, "email", "")
        try:
            if address:
                send_mail(*_letter(endpoint), None, [address])
        except OSError as error:
            logger.warning("owner of endpoint %s not mailed: %s", endpoint.pk, type(error).__name__)
            continue
        Endpoint.objects.filter(pk=endpoint.pk).update(notice_due=None)
        sent += bool(address)
    return sent


def _letter(endpoint: Endpoint) -> tuple[str, str]:
    """Subject and text of the notice."""
    page = f"{str(settings.SITE_URL).rstrip('/')}/accounts/webhooks/{endpoint.pk}/"
    text = _(
        "Nothing is sent to your webhook any more:\n\n  %(url)s\n\n%(reason)s\n\n"
        "What happened meanwhile is kept. When the address works again, resume it here:\n\n  %(page)s\n"
    )
    values = {"url": endpoint.url, "reason": sentence(endpoint.reason), "page": page}
    return f"[Marquee] {_('A webhook was disabled')}", text % values
