"""URLs and headers before they go on the wire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from aggregator.transport import faults
from aggregator.transport.faults import TransportFault

Origin = tuple[str, str, int]
_PORTS = {"http": 80, "https": 443}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")


@dataclass(frozen=True, repr=False)
class Target:
    """A parsed URL. Parsed once, by one parser, so that what is checked is what is connected to.

    No repr: `url` and `path` may carry secrets.
    """

    scheme: str
    host: str
    port: int
    path: str
    url: str

    @property
    def origin(self) -> Origin:
        return self.scheme, self.host, self.port


def parse_target(url: str) -> Target:
    """`url` in its normal form. Raises `TransportFault(bad_url)`.

    Refuses everything but http and https, and user names in the URL: credentials travel in headers.
    """
    parsed = None
    if not re.search(r"[\x00-\x20\x7f\\]", url):
        try:
            parsed = parse_url(url)
        except LocationParseError:
            parsed = None
    if parsed is None or parsed.scheme not in _PORTS or not parsed.host or parsed.auth or parsed.port == 0:
        raise TransportFault(faults.BAD_URL)
    return Target(
        scheme=parsed.scheme,
        host=parsed.host.strip("[]"),
        port=parsed.port or _PORTS[parsed.scheme],
        path=parsed.request_uri,
        url=parsed._replace(fragment=None).url,
    )


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """`headers` as given, if they may stand on the wire. The error names no value: it may be a secret."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError("a header name holds a character that may not stand in one")
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"the value of header {name} holds a character that may not stand in a header")
    return dict(headers)


def merged_headers(*groups: Mapping[str, str]) -> dict[str, str]:
    """All groups in one; a later one wins whatever the case of its names."""
    merged: dict[str, tuple[str, str]] = {}
    for group in groups:
        for name, value in group.items():
            merged[name.lower()] = (name, value)
    return dict(merged.values())
