"""Connections that go only where they were checked to go, and that keep a deadline.

A host is resolved once per connection, every address is checked, and the socket is opened to a checked
address: a second look-up, which might answer something else, never happens. TLS and the Host header still use
the name. Built on urllib3's connection classes; only the opening of the socket is replaced.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urllib3.connection import HTTPConnection, HTTPSConnection

from aggregator.transport import faults
from aggregator.transport.faults import TransportFault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: (host, port) → addresses as text, best first. Raises OSError when there is none.
Resolver = Callable[[str, int], Sequence[str]]


# From the IANA special-purpose registries. Spelled out because `ipaddress.is_private` changed its mind
# between patch releases of Python.
_REFUSED_4 = [
    ipaddress.IPv4Network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]
]
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = [
    ipaddress.IPv6Network(text) for text in ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_MAX_ADDRESSES = 4


def is_public_address(text: str) -> bool:
    """Whether `text` is an address of the open Internet.

    False for private, loopback, link-local, shared (CGNAT), documentation, benchmark, multicast, reserved
    and unspecified ranges, for IPv6 forms that carry an IPv4 address, and for anything unreadable.
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address in _NAT64:
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_4)
    return address in _GLOBAL_6 and not any(address in network for network in _REFUSED_6)


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The machine's own look-up. It cannot be interrupted; the system's resolver bounds its time."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Budget:
    """What one exchange may still use: time until `deadline` (monotonic seconds) and bytes on the wire."""

    __slots__ = ("bytes_left", "deadline", "read")

    def __init__(self, *, deadline: float, read: float, bytes_left: int) -> None:
        self.deadline = deadline
        self.read = read
        self.bytes_left = bytes_left

    def patience(self, most: float) -> float:
        """Seconds to wait for the next step. Raises `total_timeout` when none are left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TransportFault(faults.TOTAL_TIMEOUT)
        return min(most, left)

    def spend(self, count: int) -> None:
        """Count bytes received, so that no line or chunk without end fills the memory."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TransportFault(faults.BODY_TOO_LARGE)


class GuardedSocket(socket.socket):
    """A socket that looks at its budget before and after every receive."""

    budget: Budget | None = None

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        return _receive(
            self, self.budget, lambda: super(GuardedSocket, self).recv_into(buffer, nbytes, flags)
        )


class GuardedTlsSocket(ssl.SSLSocket):
    """The same over TLS; made by the context through `sslsocket_class`."""

    budget: Budget | None = None

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        return _receive(
            self, self.budget, lambda: super(GuardedTlsSocket, self).recv_into(buffer, nbytes, flags)
        )


def _receive(sock: socket.socket, budget: Budget | None, receive: Callable[[], int]) -> int:
    if budget is None:
        return receive()
    sock.settimeout(budget.patience(budget.read))
    try:
        count = receive()
    except TimeoutError:
        budget.patience(budget.read)  # says total_timeout if that is what ended
        raise
    budget.spend(count)
    return count


@dataclass(frozen=True)
class Way:
    """How a connection finds its server: the checks and the timeouts of the opening."""

    resolve: Resolver
    unchecked: bool
    connect: float
    budget: Budget


def _addresses(host: str, port: int, way: Way) -> Sequence[str]:
    fault: TransportFault | None = None
    found: Sequence[str] = ()
    try:
        found = way.resolve(host, port)
    except UnicodeError:
        fault = TransportFault(faults.BAD_URL)
    except OSError:
        fault = TransportFault(faults.DNS_FAILURE)
    if fault is None and not found:
        fault = TransportFault(faults.DNS_FAILURE)
    if fault is None and not way.unchecked and not all(is_public_address(one) for one in found):
        fault = TransportFault(faults.PRIVATE_ADDRESS)
    if fault is not None:
        raise fault
    return found[:_MAX_ADDRESSES]


def open_socket(host: str, port: int, way: Way) -> socket.socket:
    """Resolve, check, connect. Raises `TransportFault`; never connects to an address that was not checked."""
    fault = TransportFault(faults.CONNECTION_REFUSED)
    for address in _addresses(host, port, way):
        sock = GuardedSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.settimeout(way.budget.patience(way.connect))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect((address, port))
            return sock
        except TimeoutError:
            fault = TransportFault(faults.CONNECT_TIMEOUT)
        except OSError:
            fault = TransportFault(faults.CONNECTION_REFUSED)
        except BaseException:
            sock.close()
            raise
        sock.close()
    way.budget.patience(way.connect)
    raise fault


class CheckedHTTPConnection(HTTPConnection):
    """urllib3's connection with our opening of the socket."""

    way: Way

    def _new_conn(self) -> socket.socket:
        return open_socket(self._dns_host, self.port or 80, self.way)


class CheckedHTTPSConnection(HTTPSConnection):
    """The same for TLS: certificate and SNI are checked against the name, not the address."""

    way: Way

    def _new_conn(self) -> socket.socket:
        return open_socket(self._dns_host, self.port or 443, self.way)


CheckedConnection = CheckedHTTPConnection | CheckedHTTPSConnection


def tls_context(ca_file: str) -> ssl.SSLContext:
    """A client context that trusts `ca_file` (PEM) and reads nothing from the environment."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=ca_file)
    context.sslsocket_class = GuardedTlsSocket
    return context
