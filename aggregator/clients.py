"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's address: the peer's, or what a trusted proxy says it is.

    Proxies append to ``X-Forwarded-For``: read from its end, the first address that is no proxy of ours is the
    visitor's. What stands before it anybody may have written.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not _is_proxy(peer):
        return peer
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    for address in reversed([part for part in said if part]):
        if not _is_address(address):
            break
        if not _is_proxy(address):
            return address
    return peer


def is_loopback(request: HttpRequest) -> bool:
    """Whether the visitor sits at this very machine."""
    address = address_of(request)
    return _is_address(address) and ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_proxy(text: str) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in settings.TRUSTED_PROXIES)
