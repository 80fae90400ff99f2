"""The outgoing client against real sockets on loopback."""

from __future__ import annotations

import gzip
import logging
import os
import pickle
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from aggregator.http import FetchError, HttpClient, Limits, Response, RetryLater
from aggregator.transport import faults
from aggregator.transport.targets import parse_target

NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)
SECRET = "Zx81SecretKeyThatNobodyMaySee"
Handler = Callable[[socket.socket, bytes], None]


def reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer with a right Content-Length, unless `headers` says otherwise; `_` stands for `-`."""
    fields = {"Content_Length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *lines, "", ""]).encode("latin-1") + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + end


class FaultServer:
    """Answers each path with bytes, with a list of bytes (one per request) or a function on the socket."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, bytes | list[bytes] | Handler] = {}
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.origin = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as line:
                while self._one(line):
                    pass
        except OSError:
            connection.close()

    def _one(self, line: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            data = line.recv(65536)
            if not data:
                return False
            head += data
        head, _, body = head.partition(b"\r\n\r\n")
        self.heads.append(head)
        self.bodies.append(body)
        path = head.split(b" ")[1].decode().partition("?")[0]
        answer = self.routes.get(path, reply(404))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, bytes):
            line.sendall(answer)
            return True
        answer(line, head)
        return False


def reset(line: socket.socket) -> None:
    """Close with RST in place of FIN."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    running = FaultServer()
    yield running
    running.close()


@pytest.fixture
def other() -> Iterator[FaultServer]:
    running = FaultServer()
    yield running
    running.close()


class Pauses(list[float]):
    """Records the sleeps in place of sleeping."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client_for(*servers: FaultServer, **options: object) -> HttpClient:
    given: dict[str, object] = {"sleep": Pauses(), "clock": lambda: NOW, **options}
    return HttpClient(allowed_origins=[one.origin for one in servers], **given)  # type: ignore[arg-type]


def failure(call: Callable[[], Response]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        call()
    return caught.value


# --- plain answers ------------------------------------------------------------------------------------


def test_an_answer_comes_with_status_headers_body_and_count(server: FaultServer) -> None:
    server.routes["/a"] = reply(200, b'{"x":1}', Content_Type="Application/JSON; charset=utf-8", ETag='"e"')
    with (
        client_for(server) as client,
        client.get(server.origin + "/a", params={"q": "å ä", "n": 2}) as answer,
    ):
        assert (answer.status, answer.content(), answer.requests) == (200, b'{"x":1}', 1)
        assert answer.body.read() == b'{"x":1}'
        assert answer.media_type == "application/json"
        assert answer.headers["etag"] == '"e"'
    head = server.heads[0].decode()
    assert head.startswith("GET /a?q=%C3%A5+%C3%A4&n=2 HTTP/1.1")
    assert "accept-encoding: gzip, deflate\r\n" in head.lower()
    assert f"Host: 127.0.0.1:{server.port}" in head


def test_a_connection_is_used_again_and_a_dead_one_costs_no_attempt(server: FaultServer) -> None:
    server.routes["/a"] = reply(200, b"one")
    client = client_for(server, limits=Limits(attempts=1))
    for _ in range(3):
        client.get(server.origin + "/a")
    assert server.connections == 1

    def answer_once_then_drop(line: socket.socket, head: bytes) -> None:
        line.sendall(reply(200, b"two"))
        line.recv(65536)  # the next request is read and never answered

    server.routes["/b"] = answer_once_then_drop
    assert client.get(server.origin + "/b").content() == b"two"
    answer = client.get(server.origin + "/a")
    assert (answer.content(), answer.requests) == (b"one", 2)


def test_a_304_and_accepted_statuses_are_answers(server: FaultServer) -> None:
    server.routes["/same"] = reply(304, b"", Content_Length="", Content_Encoding="gzip")
    server.routes["/none"] = reply(404, b"No events could be found")
    client = client_for(server)
    assert client.get(server.origin + "/same", headers={"If-None-Match": '"e"'}).status == 304
    assert b'If-None-Match: "e"' in server.heads[0]
    answer = client.get(server.origin + "/none", accept_status=(404,))
    assert (answer.status, answer.content()) == (404, b"No events could be found")


def test_large_bodies_go_to_a_file_and_stay_readable(server: FaultServer) -> None:
    body = os.urandom(3 * 1024 * 1024)
    server.routes["/big"] = reply(200, body)
    assert client_for(server).get(server.origin + "/big").content() == body


@pytest.mark.parametrize("wbits", [31, 15, -15], ids=["gzip", "zlib", "raw deflate"])
def test_packed_bodies_are_unpacked_also_from_single_bytes(server: FaultServer, wbits: int) -> None:
    text = b"".join(b'{"n":%d,"name":"Bio Rio"},' % n for n in range(9000))
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    packed = packer.compress(text) + packer.flush()
    name = "gzip" if wbits == 31 else "deflate"
    server.routes["/whole"] = reply(200, packed, Content_Encoding=name)
    client = client_for(server)
    assert client.get(server.origin + "/whole").content() == text
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\n".encode()
    pieces = [packed[:1], packed[1:2], packed[2:9], packed[9:]]
    server.routes["/pieces"] = head + chunked(*pieces).partition(b"\r\n")[2]
    assert client.get(server.origin + "/pieces").content() == text


def test_gzip_in_several_members_with_padding_is_one_body(server: FaultServer) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 20
    server.routes["/a"] = reply(200, packed, Content_Encoding="gzip")
    assert client_for(server).get(server.origin + "/a").content() == b"one two"


# --- statuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "reason", "permanent", "requests"),
    [
        (400, "bad_request", True, 1),
        (401, "unauthorised", True, 1),
        (403, "forbidden", True, 1),
        (404, "not_found", True, 1),
        (406, "not_acceptable", True, 1),
        (408, "bad_request", False, 1),
        (410, "gone", True, 1),
        (422, "bad_request", True, 1),
        (500, "server_error", False, 3),
        (501, "server_error", False, 1),
        (502, "server_error", False, 3),
        (503, "server_error", False, 3),
        (504, "server_error", False, 3),
        (300, "unexpected_status", True, 1),
    ],
)
def test_each_status_has_its_reason_fate_and_attempts(
    server: FaultServer, status: int, reason: str, permanent: bool, requests: int
) -> None:
    server.routes["/a"] = reply(status, b"<html>no</html>")
    pauses = Pauses()
    error = failure(lambda: client_for(server, sleep=pauses).get(server.origin + "/a"))
    assert (error.reason, error.permanent, error.status) == (reason, permanent, status)
    assert error.requests == requests == len(server.heads)
    assert error.body == b"<html>no</html>"
    assert len(pauses) == requests - 1
    assert all(0.25 <= pause <= 1.0 for pause in pauses)


def test_a_passing_fault_is_outlived(server: FaultServer) -> None:
    server.routes["/a"] = [reply(502), reply(503), reply(200, b"at last")]
    answer = client_for(server).get(server.origin + "/a")
    assert (answer.content(), answer.requests) == (b"at last", 3)


def test_the_error_body_is_kept_unpacked_and_capped(server: FaultServer) -> None:
    server.routes["/a"] = reply(404, gzip.compress(b"x" * 200_000), Content_Encoding="gzip")
    server.routes["/short"] = reply(404, b"half", Content_Length="900", Connection="close")
    client = client_for(server, limits=Limits(read=0.2))
    assert failure(lambda: client.get(server.origin + "/a")).body == b"x" * 65536
    assert failure(lambda: client.get(server.origin + "/short")).reason == "not_found"


def later(server: FaultServer, status: int, **headers: str) -> float:
    server.routes["/a"] = reply(status, b"", **headers)
    pauses = Pauses()
    error = failure(lambda: client_for(server, sleep=pauses).get(server.origin + "/a"))
    assert isinstance(error, RetryLater)
    assert not error.permanent
    assert error.requests == 1
    assert pauses == []
    assert error.reason == ("rate_limited" if status == 429 else "server_error")
    return (error.retry_at - NOW).total_seconds()


def test_waiting_times_are_read_from_every_header_that_names_them(server: FaultServer) -> None:
    moment = int(NOW.timestamp())
    behind = format_datetime(NOW - timedelta(seconds=500), usegmt=True)
    assert later(server, 429) == 60
    assert later(server, 429, Retry_After="17") == 17
    assert later(server, 503, Retry_After="17") == 17
    assert later(server, 429, Retry_After=format_datetime(NOW + timedelta(seconds=90), usegmt=True)) == 90
    assert later(server, 429, Ratelimit_Reset=str(moment + 40), Retry_After="17") == 40
    assert later(server, 429, Ratelimit_Reset=str(moment - 500 + 40), Date=behind) == 40
    assert later(server, 429, Ratelimit_Reset="25") == 25
    assert later(server, 429, Retry_After="0") == 1
    assert later(server, 429, Retry_After="9" * 40) == 3600
    assert later(server, 429, Ratelimit_Reset=str(moment + 10**9)) == 3600
    assert later(server, 429, Ratelimit_Reset="9" * 30) in (60, 3600)
    assert later(server, 429, Retry_After="soon") == 60


# --- time ---------------------------------------------------------------------------------------------


def test_a_refused_connection_is_named_and_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    error = failure(lambda: HttpClient(allowed_origins=[origin], sleep=Pauses()).get(origin + "/"))
    assert (error.reason, error.permanent, error.requests, error.sent) == (
        "connection_refused",
        False,
        3,
        False,
    )


def test_a_connect_that_never_completes_times_out() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        crowd = [socket.socket() for _ in range(4)]  # fill the queue of a listener that never accepts
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        started = time.monotonic()
        client = HttpClient(allowed_origins=[origin], limits=Limits(connect=0.3, attempts=1))
        assert failure(lambda: client.get(origin + "/")).reason == "connect_timeout"
        assert time.monotonic() - started < 2
        for one in crowd:
            one.close()


def test_silence_before_and_in_the_body_is_a_read_timeout(server: FaultServer) -> None:
    server.routes["/before"] = lambda line, head: time.sleep(1.5)

    def half(line: socket.socket, head: bytes) -> None:
        line.sendall(reply(200, b"half", Content_Length="100"))
        time.sleep(1.5)

    server.routes["/within"] = half
    client = client_for(server, limits=Limits(read=0.2, attempts=2))
    for path in ("/before", "/within"):
        error = failure(lambda path=path: client.get(server.origin + path))  # type: ignore[misc]
        assert (error.reason, error.requests, error.sent) == ("read_timeout", 2, True)


@pytest.mark.parametrize("part", ["head", "body", "chunks"])
def test_a_drip_ends_with_the_total_time(server: FaultServer, part: str) -> None:
    start = {"head": b"", "body": reply(200, b"", Content_Length="900"), "chunks": chunked(end=b"")}[part]
    drop = {"head": b"H", "body": b"x", "chunks": b"1\r\nx\r\n"}[part]

    def drip(line: socket.socket, head: bytes) -> None:
        line.sendall(start)
        for _ in range(60):
            line.sendall(drop)
            time.sleep(0.05)

    server.routes["/a"] = drip
    client = client_for(server, limits=Limits(read=1.0, total=0.5))
    started = time.monotonic()
    error = failure(lambda: client.get(server.origin + "/a"))
    assert (error.reason, error.requests) == ("total_timeout", 1)
    assert time.monotonic() - started < 1.5


def test_no_retry_begins_that_the_total_time_does_not_allow(server: FaultServer) -> None:
    server.routes["/a"] = reply(500)
    client = client_for(server, limits=Limits(total=0.2))
    error = failure(lambda: client.get(server.origin + "/a"))
    assert (error.reason, error.requests) == ("server_error", 1)


# --- bodies that are not what they seem -----------------------------------------------------------------


def test_a_reset_in_mid_body_is_named_and_tried_again(server: FaultServer) -> None:
    def cut(line: socket.socket, head: bytes) -> None:
        line.sendall(reply(200, b"half", Content_Length="100"))
        time.sleep(0.05)
        reset(line)

    server.routes["/a"] = cut
    error = failure(lambda: client_for(server).get(server.origin + "/a"))
    assert (error.reason, error.requests) == ("connection_reset", 3)


def test_a_close_without_any_answer_is_a_reset(server: FaultServer) -> None:
    server.routes["/a"] = lambda line, head: None
    assert failure(lambda: client_for(server).get(server.origin + "/a")).reason == "connection_reset"


PACKED = gzip.compress(os.urandom(4000))


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"short", Content_Length="100"),
        chunked(b"abc", end=b""),
        chunked(b"abc", end=b"7\r\nab"),
        chunked(b"abc", end=b"zz\r\nab"),
        chunked(b"abc", end=b"-5\r\nab"),
        chunked(b"abc", end=b"-1\r\nab"),
        reply(200, PACKED[:2000], Content_Encoding="gzip"),
        reply(200, PACKED[:-3], Content_Encoding="gzip"),
        reply(200, PACKED[:900] + b"\xff\x00\xff" + PACKED[903:], Content_Encoding="gzip"),
        reply(200, b"this is not gzip", Content_Encoding="gzip"),
        reply(200, PACKED + b"rubbish", Content_Encoding="gzip"),
        reply(200, b"x", Content_Encoding="deflate"),
    ],
    ids=[
        "content-length",
        "no last chunk",
        "short chunk",
        "bad chunk size",
        "negative chunk size",
        "the other negative size",
        "half gzip",
        "gzip without its end",
        "broken gzip",
        "no gzip at all",
        "rubbish after gzip",
        "one byte",
    ],
)
def test_a_truncated_or_broken_body_is_never_a_short_answer(server: FaultServer, answer: bytes) -> None:
    def send(line: socket.socket, head: bytes) -> None:
        line.sendall(answer)

    server.routes["/a"] = send
    error = failure(lambda: client_for(server, limits=Limits(attempts=2)).get(server.origin + "/a"))
    assert (error.reason, error.permanent, error.requests) == ("truncated_body", False, 2)


def test_what_does_not_speak_http_has_a_name_too(server: FaultServer) -> None:
    server.routes["/a"] = lambda line, head: line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    assert failure(lambda: client_for(server).get(server.origin + "/a")).reason == "unexpected_status"


def test_a_body_over_the_cap_is_stopped_announced_or_not(server: FaultServer) -> None:
    sent = 0

    def endless(line: socket.socket, head: bytes) -> None:
        nonlocal sent
        line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(3200):
            line.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            sent += 65536

    server.routes["/endless"] = endless
    server.routes["/announced"] = reply(200, b"x", Content_Length=str(200 * 1024 * 1024))
    client = client_for(server, limits=Limits(max_bytes=1_000_000))
    for path in ("/endless", "/announced"):
        error = failure(lambda path=path: client.get(server.origin + path))  # type: ignore[misc]
        assert (error.reason, error.permanent, error.requests) == ("body_too_large", True, 1)
    assert sent < 30_000_000
    server.routes["/just"] = reply(200, b"x" * 1_000_000)
    assert len(client.get(server.origin + "/just").content()) == 1_000_000
    assert (
        failure(lambda: client.get(server.origin + "/just", limits=Limits(max_bytes=10))).reason
        == "body_too_large"
    )


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_stopped_early(server: FaultServer, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    server.routes["/bomb"] = reply(200, pack(b"\0" * 100_000_000), Content_Encoding=encoding)
    spilled = client_for(server, limits=Limits(max_bytes=10**9))
    started = time.monotonic()
    error = failure(lambda: spilled.get(server.origin + "/bomb"))
    assert (error.reason, error.permanent, error.requests) == ("decompression_bomb", True, 1)
    assert time.monotonic() - started < 1
    small = b"\0" * 900_000  # packs as well as a bomb, and harms nobody
    server.routes["/small"] = reply(200, pack(small), Content_Encoding=encoding)
    assert spilled.get(server.origin + "/small").content() == small


def test_an_encoding_that_was_not_asked_for_is_refused(server: FaultServer) -> None:
    for encoding in ("br", "gzip, gzip"):
        server.routes["/a"] = reply(200, b"\x0b\x02\x80", Content_Encoding=encoding)
        assert failure(lambda: client_for(server).get(server.origin + "/a")).reason == "unknown_encoding"


# --- posts --------------------------------------------------------------------------------------------


def test_a_post_sends_its_form_once_whatever_comes(server: FaultServer) -> None:
    server.routes["/ok"] = reply(200, b"{}")
    server.routes["/down"] = reply(500)
    server.routes["/cut"] = lambda line, head: None
    server.routes["/moved"] = reply(302, b"", Location=server.origin + "/ok")
    client = client_for(server)
    assert client.post(server.origin + "/ok", data={"event_id": "8363", "text": "å&b"}).status == 200
    assert b"Content-Type: application/x-www-form-urlencoded" in server.heads[0]
    assert b"Content-Length: 29" in server.heads[0]
    for path, reason in (
        ("/down", "server_error"),
        ("/cut", "connection_reset"),
        ("/moved", "redirect_refused"),
    ):
        before = len(server.heads)
        error = failure(lambda path=path: client.post(server.origin + path, data=b"raw"))  # type: ignore[misc]
        assert (error.reason, error.requests, error.sent) == (reason, 1, True)
        assert len(server.heads) == before + 1


def test_a_post_is_tried_again_while_no_connection_came_about() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    error = failure(
        lambda: HttpClient(allowed_origins=[origin], sleep=Pauses()).post(origin + "/", data={"a": "b"})
    )
    assert (error.reason, error.requests, error.sent) == ("connection_refused", 3, False)


# --- where a request may go -----------------------------------------------------------------------------


def test_only_the_exact_configured_origin_may_be_private(server: FaultServer, other: FaultServer) -> None:
    other.routes["/"] = reply(200, b"secret inside")
    client = client_for(server)
    for url in (other.origin + "/", f"http://localhost:{server.port}/", f"http://[::1]:{server.port}/"):
        error = failure(lambda url=url: client.get(url))  # type: ignore[misc]
        assert (error.reason, error.permanent, error.requests) == ("private_address", True, 1)
    assert failure(lambda: HttpClient().get(server.origin + "/")).reason == "private_address"
    assert other.connections == server.connections == 0


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "0"]
)
def test_other_spellings_of_loopback_are_loopback(server: FaultServer, host: str) -> None:
    client = HttpClient(sleep=Pauses(), limits=Limits(attempts=1))
    error = failure(lambda: client.get(f"http://{host}:{server.port}/"))
    assert error.reason in ("private_address", "dns_failure", "bad_url")
    assert server.connections == 0


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    client = HttpClient(resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    assert failure(lambda: client.get("http://mixed.example/")).reason == "private_address"


def test_a_host_is_resolved_once_so_that_its_name_cannot_be_bound_anew(server: FaultServer) -> None:
    server.routes["/a"] = reply(200, b"ok")
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    origin = f"http://festival.invalid:{server.port}"  # a name that no real look-up resolves
    client = HttpClient(allowed_origins=[origin], resolve=resolve)
    assert client.get(origin + "/a").content() == b"ok"
    assert asked == ["festival.invalid"]
    assert f"Host: festival.invalid:{server.port}".encode() in server.heads[0]


def test_a_name_that_does_not_resolve_is_a_dns_failure() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    error = failure(lambda: HttpClient(resolve=resolve, sleep=Pauses()).get("http://nowhere.example/"))
    assert (error.reason, error.permanent, error.requests) == ("dns_failure", False, 3)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "festival",
        "/v1/films",
        "ftp://host.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///path",
        "http://host.example:0/",
        "http://host.example:99999/",
        "http://user:pw@host.example/",
        "http://host.example\\@127.0.0.1/",
        "http://a b/",
        "http://host.example/a\r\nX: y",
        "http://[::1",
    ],
)
def test_what_is_no_http_url_is_refused_before_any_request(url: str) -> None:
    error = failure(lambda: HttpClient().get(url))
    assert (error.reason, error.permanent, error.requests) == ("bad_url", True, 0)


def test_a_nonsense_origin_stops_the_construction_without_showing_its_password() -> None:
    with pytest.raises(ValueError, match="not an http or https origin") as caught:
        HttpClient(allowed_origins=[f"http://me:{SECRET}@host.example/"])
    assert SECRET not in str(caught.value)


# --- redirects ----------------------------------------------------------------------------------------


def test_a_redirect_in_one_origin_keeps_the_credentials(server: FaultServer) -> None:
    server.routes["/old"] = reply(301, b"moved", Location="/new?x=1")
    server.routes["/new"] = reply(200, b"here")
    client = client_for(server, headers={"X-API-KEY": SECRET})
    answer = client.get(server.origin + "/old", headers={"Authorization": "Token " + SECRET})
    assert (answer.content(), answer.requests, answer.url) == (b"here", 2, server.origin + "/new?x=1")
    assert server.heads[1].count(SECRET.encode()) == 2


def test_a_redirect_to_another_origin_drops_every_credential_for_good(
    server: FaultServer, other: FaultServer
) -> None:
    server.routes["/old"] = reply(302, b"", Location=other.origin + "/there")
    other.routes["/there"] = reply(302, b"", Location=server.origin + "/back")
    server.routes["/back"] = reply(200, b"here")
    client = client_for(server, other, headers={"X-API-KEY": SECRET})
    extra = {"Authorization": SECRET, "Cookie": SECRET, "X-Anything": SECRET}
    assert client.get(server.origin + "/old", headers=extra).content() == b"here"
    assert server.heads[0].count(SECRET.encode()) == 4
    assert SECRET.encode() not in other.heads[0]
    assert SECRET.encode() not in server.heads[1]


def test_client_headers_go_to_no_origin_that_was_not_named(server: FaultServer) -> None:
    server.routes["/a"] = reply(200)
    client = client_for(server, headers={"X-API-KEY": SECRET})
    client.get(server.origin + "/a")
    assert SECRET.encode() in server.heads[0]
    # A public host cannot be reached from a test, so the last step before the wire is asked.
    assert SECRET not in str(client._headers_for(parse_target("https://pictures.example/a.jpg"), {}))


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://[::1]/",
        "http://a.b:0/",
    ],
)
def test_a_redirect_to_a_private_or_unusable_address_is_refused(server: FaultServer, location: str) -> None:
    server.routes["/a"] = reply(302, b"", Location=location)
    error = failure(lambda: client_for(server).get(server.origin + "/a"))
    assert (error.reason, error.permanent) == ("redirect_refused", True)


def test_redirects_without_end_and_without_target_are_named(server: FaultServer) -> None:
    server.routes["/loop"] = reply(302, b"", Location="/loop")
    server.routes["/lost"] = reply(302)
    error = failure(lambda: client_for(server).get(server.origin + "/loop"))
    assert (error.reason, error.requests) == ("too_many_redirects", 6)
    assert failure(lambda: client_for(server).get(server.origin + "/lost")).reason == "unexpected_status"


# --- TLS ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for `localhost` and `festival.invalid`, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.DNSName("festival.invalid")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=2))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[FaultServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    running = FaultServer(context)
    yield running
    running.close()


def test_tls_checks_the_name_while_connecting_to_the_checked_address(
    secure: FaultServer, certificate: tuple[Path, Path]
) -> None:
    secure.routes["/a"] = reply(200, b"x" * 200_000)
    for host, good in (("festival.invalid", True), ("localhost", True), ("elsewhere.invalid", False)):
        origin = f"https://{host}:{secure.port}"
        client = HttpClient(
            allowed_origins=[origin], resolve=lambda host, port: ["127.0.0.1"], ca_file=str(certificate[0])
        )
        if good:
            assert len(client.get(origin + "/a").content()) == 200_000
        else:
            error = failure(lambda client=client, origin=origin: client.get(origin + "/a"))  # type: ignore[misc]
            assert (error.reason, error.permanent, error.requests) == ("tls_error", True, 1)


def test_an_unknown_certificate_and_a_server_without_tls_are_tls_errors(
    secure: FaultServer, server: FaultServer
) -> None:
    assert failure(lambda: client_for(secure).get(secure.origin + "/a")).reason == "tls_error"
    origin = f"https://127.0.0.1:{server.port}"
    client = HttpClient(allowed_origins=[origin], sleep=Pauses(), limits=Limits(connect=0.5, attempts=1))
    assert failure(lambda: client.get(origin + "/a")).reason in ("tls_error", "connect_timeout")


def test_a_redirect_from_https_to_http_is_refused(
    secure: FaultServer, server: FaultServer, certificate: tuple[Path, Path]
) -> None:
    secure.routes["/a"] = reply(302, b"", Location=server.origin + "/")
    client = client_for(secure, server, ca_file=str(certificate[0]))
    assert failure(lambda: client.get(secure.origin + "/a")).reason == "redirect_refused"
    assert server.connections == 0


def test_the_total_time_holds_over_tls(secure: FaultServer, certificate: tuple[Path, Path]) -> None:
    def drip(line: socket.socket, head: bytes) -> None:
        line.sendall(reply(200, b"", Content_Length="900"))
        for _ in range(60):
            line.sendall(b"x")
            time.sleep(0.05)

    secure.routes["/a"] = drip
    client = client_for(secure, ca_file=str(certificate[0]), limits=Limits(read=1.0, total=0.6))
    assert failure(lambda: client.get(secure.origin + "/a")).reason == "total_timeout"


# --- environment, budget, secrets -----------------------------------------------------------------------


def test_proxy_variables_and_netrc_change_nothing(
    server: FaultServer, other: FaultServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, other.origin)
        monkeypatch.setenv(name.upper(), other.origin)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text(netrc.read_text())
    server.routes["/a"] = reply(200, b"direct")
    assert client_for(server).get(server.origin + "/a").content() == b"direct"
    assert other.connections == 0
    assert b"authorization" not in server.heads[0].lower()


def test_cookies_are_not_kept(server: FaultServer) -> None:
    server.routes["/a"] = reply(200, b"", Set_Cookie="session=1")
    client = client_for(server)
    client.get(server.origin + "/a")
    client.get(server.origin + "/a")
    assert b"cookie" not in server.heads[1].lower()


def test_every_request_on_the_wire_is_counted_and_the_budget_may_stop_it(server: FaultServer) -> None:
    class Spent(Exception):
        pass

    count = 0

    def spend() -> None:
        nonlocal count
        count += 1
        if count > 4:
            raise Spent

    server.routes["/a"] = [reply(500), reply(302, b"", Location="/b")]
    server.routes["/b"] = reply(200)
    client = client_for(server, on_request=spend)
    assert client.get(server.origin + "/a").requests == count == 3
    client.get(server.origin + "/b")
    with pytest.raises(Spent):
        client.get(server.origin + "/b")
    assert len(server.heads) == 4


def everything_said(error: BaseException) -> str:
    parts = [str(error), repr(error), repr(error.args), "".join(traceback.format_exception(error))]
    inner: BaseException | None = error
    while inner is not None:
        parts += [repr(inner), str(vars(inner) if hasattr(inner, "__dict__") else "")]
        inner = inner.__cause__ or inner.__context__
    return "\n".join(parts)


def test_no_failure_and_no_log_shows_a_secret(server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    query = f"?api_key={SECRET}&x=1"
    path = f"/v1/films/API-Key/{SECRET}/token/{SECRET}"

    def bad_header(line: socket.socket, head: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")  # urllib3 warns of it, with the URL

    answers: list[bytes | Handler] = [
        reply(200),
        reply(404),
        reply(429),
        reply(500),
        reply(302, b"", Location=f"http://10.0.0.1/token/{SECRET}"),
        reply(302, b"", Location=f"http://me:{SECRET}@10.0.0.1/"),
        reply(200, b"x", Content_Length="9"),
        bad_header,
        lambda line, head: None,
        lambda line, head: line.sendall(b"nonsense\r\n\r\n"),
    ]
    client = client_for(server, headers={"X-API-KEY": SECRET}, limits=Limits(attempts=2, read=0.3))
    said = ""
    for answer in answers:
        server.routes[path] = answer
        if answer is bad_header or answer == reply(200):
            got = client.get(server.origin + path + query)
            said += repr(got) + got.url
            continue
        error = failure(lambda: client.get(server.origin + path + query))
        assert error.__cause__ is error.__context__ is None
        said += everything_said(error)
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    for url in (
        f"http://me:{SECRET}@host.example/",
        f"http://10.0.0.1{path}{query}",
        f"http://bad host/{path}{query}",
        f"http://127.0.0.1:{port}{path}",
        f"http://[::1/token/{SECRET}",
    ):
        said += everything_said(failure(lambda url=url: client.get(url)))  # type: ignore[misc]
    with pytest.raises(ValueError, match="header") as caught:
        client.get(server.origin + "/", headers={"Authorization": f"Basic {SECRET}\r\nX: y"})
    said += everything_said(caught.value)
    assert len(server.heads) >= len(answers)
    assert "***" in said
    assert SECRET not in said
    assert any(record.name == "aggregator.http" for record in caplog.records)
    assert SECRET not in caplog.text


def test_a_redactor_of_ones_own_comes_on_top(server: FaultServer) -> None:
    server.routes["/member/0042/"] = reply(200)
    client = client_for(server, redact=lambda url: url.replace("0042", "****"))
    answer = client.get(server.origin + "/member/0042/?token=abc")
    assert answer.url == server.origin + "/member/****/?token=***"


def test_errors_survive_pickling_and_read_as_a_sentence(server: FaultServer) -> None:
    server.routes["/a"] = reply(429, b"slow", Retry_After="30")
    error = failure(lambda: client_for(server).get(server.origin + "/a"))
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, RetryLater)
    assert (again.reason, again.retry_at, again.body, str(again)) == (
        "rate_limited",
        NOW + timedelta(seconds=30),
        b"slow",
        str(error),
    )
    assert str(error) == (
        f"Fetching {server.origin}/a failed: the server asks to wait before the next request"
        " (status 429, until 12:00:30 UTC)."
    )


def test_every_reason_has_a_constant_a_fate_and_a_sentence() -> None:
    constants = {value for name, value in vars(faults).items() if name.isupper() and isinstance(value, str)}
    assert constants == set(faults.REASONS)
    for reason, (permanent, sentence) in faults.REASONS.items():
        assert reason == reason.lower()
        assert isinstance(permanent, bool)
        assert sentence
        assert sentence[-1].isalpha()


def test_the_client_needs_no_django() -> None:
    root = Path(__file__).resolve().parents[2]
    code = "import sys, aggregator.http, aggregator.readers; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
