"""Where a request comes from."""

from ipaddress import IPv4Address, IPv6Address, ip_address

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
        parsed = _parsed(address)
        if parsed is None:
            break
        if not _is_proxy(address):
            return str(parsed)
    return peer


def is_loopback(request: HttpRequest) -> bool:
    """Whether the visitor sits at this very machine."""
    parsed = _parsed(address_of(request))
    return parsed is not None and parsed.is_loopback


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address; one of IPv4 that a socket of both kinds wrote as IPv6 is what it is. None for anything else."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_proxy(text: str) -> bool:
    parsed = _parsed(text)
    return parsed is not None and any(parsed in network for network in settings.TRUSTED_PROXIES)
