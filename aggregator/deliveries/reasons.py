"""Why a delivery did not arrive, in words for its owner."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from aggregator.http import faults

_SENTENCES: Mapping[str, Any] = {
    faults.BAD_URL: _("The address is not a usable web address."),
    faults.PRIVATE_ADDRESS: _("The name leads to a private or reserved network, where nothing is sent."),
    faults.DNS_FAILURE: _("The name could not be resolved."),
    faults.CONNECTION_REFUSED: _("No connection could be made."),
    faults.CONNECT_TIMEOUT: _("The server did not accept the connection in time."),
    faults.TLS_ERROR: _("No secure connection could be made; look at the certificate."),
    faults.READ_TIMEOUT: _("The answer took too long; acknowledge first and work afterwards."),
    faults.TOTAL_TIMEOUT: _("The answer took too long; acknowledge first and work afterwards."),
    faults.CONNECTION_RESET: _("The server broke off the connection."),
    faults.TRUNCATED_BODY: _("The answer broke off before its end."),
    faults.BODY_TOO_LARGE: _("The answer was too large; an empty one is enough."),
    faults.SERVER_ERROR: _("The server reported an error of its own."),
    faults.RATE_LIMITED: _("The server asked to be left alone for a while."),
    faults.UNAUTHORISED: _("The server asks for credentials."),
    faults.FORBIDDEN: _("The server refuses access."),
    faults.NOT_FOUND: _("There is nothing at this address."),
    faults.GONE: _("The server says that the address is gone for good (410)."),
    faults.REDIRECT_REFUSED: _("The server redirects elsewhere, and redirects are not followed."),
    "skipped": _("Left out when the webhook was resumed."),
    "no_secret": _("The signing secret can no longer be read; change it."),
}


def sentence(reason: str) -> str:
    """*reason* as a sentence; "" for none."""
    return str(_SENTENCES.get(reason, _("The server gave an answer that means no."))) if reason else ""
