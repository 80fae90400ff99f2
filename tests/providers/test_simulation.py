"""The machinery that all simulators share: server, clock, faults, control, command."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import requests
from django.core.management import call_command

from providers.management.commands.simulate import Command
from providers.simulation import Running, running
from providers.simulation.documents import Row, Shape, spoiled
from providers.simulation.faults import DOCUMENT, TRANSPORT, known_faults
from providers.simulation.simulator import (
    Impossible,
    Options,
    Request,
    Response,
    Simulator,
    Upstream,
    discover,
    json_response,
)
from providers.simulation.world import World
from providers.simulation.world.calendar import programme_day, stamp
from providers.simulation.world.dice import Dice, Shuffle
from providers.simulation.world.sales import sales
from tests.conftest import ROOT

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
SHAPE = Shape(required="stamp", number="number", stamp="stamp", text="text")


def _rows() -> Iterator[Row]:
    return ({"id": at, "number": at, "stamp": 1_700_000_000 + at, "text": f"nr {at}"} for at in range(20))


def _toy(world: World, options: Options) -> Upstream:
    """A simulator of twenty rows and of nothing else."""

    def handle(request: Request) -> Response:
        if request.path == "/toy/echo":
            return json_response(
                200, {"method": request.method, "form": request.form(), "query": request.query}
            )
        if request.path == "/toy/now":
            return json_response(200, {"now": world.instant()})
        if request.path == "/toy/mode":
            return json_response(200, {"mode": options.switch("mode"), "scale": options.scale})
        rows = spoiled(_rows(), SHAPE, lambda name: request.take(name, True))
        pieces = (json.dumps(row).encode() + b"," for row in rows)
        return Response(200, (part for source in ([b"["], pieces, [b"0]"]) for part in source))

    def mutate(what: str, arguments: Mapping[str, object]) -> dict[str, object]:
        raise Impossible(f"unknown mutation '{what}'")

    return Upstream(handle, mutate)


TOY = Simulator(
    slug="toy",
    mounts=("/toy/",),
    data=("/toy/v1/",),
    build=_toy,
    environment=lambda base_url: {"PROVIDER_TOY_BASE_URL": f"{base_url}/toy/v1/"},
    faults={"own": "a fault of its own"},
    switches={"mode": ("plain", "odd")},
)


@pytest.fixture(name="toy")
def _running_toy() -> Iterator[Running]:
    with running(simulators={"toy": TOY}, now=NOW, scale=70) as simulation:
        yield simulation


def _drain(connection: socket.socket, received: bytearray) -> None:
    """Read to the end, or until it breaks, into `received`."""
    while block := connection.recv(65_536):
        received += block


def _list(toy: Running, timeout: float = 5) -> requests.Response:
    return requests.get(f"{toy.base_url}/toy/v1/rows", timeout=timeout)


# Server ----------------------------------------------------------------------------------------------------


def test_streams_an_iterator_in_chunks(toy: Running) -> None:
    answer = _list(toy)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert len(answer.json()) == 21


def test_keeps_a_connection_open_for_the_next_request(toy: Running) -> None:
    with socket.create_connection(("127.0.0.1", toy.port), timeout=5) as connection:
        for _ in range(2):
            connection.sendall(b"GET /toy/now HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200 OK")
            assert answer.endswith(b'{"now":%d}' % NOW.timestamp())


def test_speaks_without_chunks_to_an_old_client(toy: Running) -> None:
    with socket.create_connection(("127.0.0.1", toy.port), timeout=5) as connection:
        connection.sendall(b"GET /toy/v1/rows HTTP/1.0\r\n\r\n")
        answer = b""
        while block := connection.recv(65_536):
            answer += block
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"chunked" not in head
    assert len(json.loads(body)) == 21


def test_reads_forms_and_queries(toy: Running) -> None:
    answer = requests.post(f"{toy.base_url}/toy/echo?a=1&a=2", data={"token": "å"}, timeout=5).json()
    assert answer == {"method": "POST", "form": {"token": "å"}, "query": {"a": "1"}}


def test_logs_what_was_asked_but_not_the_control_paths(toy: Running) -> None:
    requests.get(f"{toy.base_url}/toy/now?x=1", headers={"If-None-Match": '"e"'}, timeout=5)
    requests.get(f"{toy.base_url}/_control/", timeout=5)
    (served,) = toy.requests
    assert (served.slug, served.method, served.path, served.status) == ("toy", "GET", "/toy/now?x=1", 200)
    assert served.headers["if-none-match"] == '"e"'
    toy.forget_requests()
    assert toy.requests == []


def test_a_path_of_nobody_is_404(toy: Running) -> None:
    assert requests.get(f"{toy.base_url}/elsewhere", timeout=5).status_code == 404


def test_listens_on_loopback_only(toy: Running) -> None:
    assert toy.base_url.startswith("http://127.0.0.1:")
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with pytest.raises(OSError):
            socket.create_connection((str(address), toy.port), timeout=1).close()


def test_the_port_is_free_again_when_the_block_ends() -> None:
    with running(simulators={"toy": TOY}) as first:
        port = first.port
    with running(simulators={"toy": TOY}, port=port) as second:
        assert second.port == port


def test_shares_the_scale_by_weight() -> None:
    with running(["kulturbiljetter"], now=NOW, scale=500) as alone:
        assert set(alone.stage.upstreams) == {"kulturbiljetter"}
    with running(simulators={"toy": TOY}, scale=70) as simulation:
        answer = requests.get(f"{simulation.base_url}/toy/mode", timeout=5).json()
    assert answer == {"mode": "plain", "scale": 70}


# Faults ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("500", 500, "text/plain"),
        ("502_html", 502, "text/html; charset=utf-8"),
        ("429", 429, "application/json"),
        ("429_retry_after", 429, "application/json"),
        ("401", 401, "application/json"),
        ("403", 403, "application/json"),
        ("html_200", 200, "text/html; charset=utf-8"),
    ],
)
def test_answers_with_a_status_and_kind(toy: Running, name: str, status: int, kind: str) -> None:
    toy.fault("toy", name)
    answer = _list(toy)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, kind)
    assert answer.headers.get("Retry-After") == ("3" if name == "429_retry_after" else None)


def test_redirects_to_a_private_address(toy: Running) -> None:
    toy.fault("toy", "redirect_private")
    answer = requests.get(f"{toy.base_url}/toy/v1/rows", timeout=5, allow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("http://169.254.169.254/")


@pytest.mark.parametrize("name", ["connect_timeout", "read_timeout"])
def test_hangs(toy: Running, name: str) -> None:
    toy.fault("toy", name)
    with socket.create_connection(("127.0.0.1", toy.port), timeout=0.5) as connection:
        connection.sendall(b"GET /toy/v1/rows HTTP/1.1\r\nHost: x\r\n\r\n")
        received = bytearray()
        with pytest.raises(TimeoutError):
            _drain(connection, received)
    assert received.startswith(b"HTTP/1.1 200") == (name == "read_timeout")
    assert received.endswith(b"]") is False


def test_a_hanging_answer_ends_when_the_server_stops() -> None:
    with running(simulators={"toy": TOY}, faults=["toy:connect_timeout"]) as simulation:
        connection = socket.create_connection(("127.0.0.1", simulation.port), timeout=5)
        connection.sendall(b"GET /toy/v1/rows HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        begun = time.monotonic()
    with connection:
        assert connection.recv(10) == b""
    assert time.monotonic() - begun < 2


def test_resets_in_the_middle_of_the_body(toy: Running) -> None:
    toy.fault("toy", "reset")
    with socket.create_connection(("127.0.0.1", toy.port), timeout=5) as connection:
        connection.sendall(b"GET /toy/v1/rows HTTP/1.1\r\nHost: x\r\n\r\n")
        received = bytearray()
        with pytest.raises(ConnectionResetError):
            _drain(connection, received)
    assert b"nr 3" in received
    assert b"nr 19" not in received


def test_cuts_a_document_in_half(toy: Running) -> None:
    toy.fault("toy", "truncated_json")
    answer = _list(toy)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
        json.loads(answer.content)


def test_sends_two_hundred_megabytes(toy: Running) -> None:
    toy.fault("toy", "huge_body")
    with requests.get(f"{toy.base_url}/toy/v1/rows", timeout=5, stream=True) as answer:
        assert "Content-Length" not in answer.headers
        assert sum(len(block) for block in answer.raw.stream(1 << 20)) > 200 * 1024 * 1024


def test_sends_a_gzip_bomb(toy: Running) -> None:
    toy.fault("toy", "gzip_bomb")
    with requests.get(f"{toy.base_url}/toy/v1/rows", timeout=5, stream=True) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) < 2 * 1024 * 1024
        unpacked = 0
        for block in answer.iter_content(1 << 20):
            unpacked += len(block)
            if unpacked > 50 * 1024 * 1024:
                break
    assert unpacked > 50 * 1024 * 1024


def test_is_slow_but_right(toy: Running) -> None:
    toy.fault("toy", "slow")
    begun = time.monotonic()
    assert len(_list(toy).json()) == 21
    assert time.monotonic() - begun > 1.5


def test_spoils_one_document_in_each_way(toy: Running) -> None:
    for name in ("wrong_types", "missing_field", "bad_timestamps"):
        toy.fault("toy", name)
    rows = _list(toy).json()[:-1]
    assert rows[0] == {"id": 0, "number": 0, "stamp": 1_700_000_000, "text": "nr 0"}
    assert isinstance(rows[1]["number"], dict)
    assert isinstance(rows[1]["text"], list)
    assert "stamp" not in rows[2]
    assert rows[3]["stamp"] == 1_700_000_003
    assert rows[4]["stamp"] > 10**15
    assert len(rows) == 20


def test_repeats_one_document(toy: Running) -> None:
    toy.fault("toy", "duplicate_ids")
    ids = [row["id"] for row in _list(toy).json()[:-1]]
    assert len(ids) == 21
    assert len(set(ids)) == 20


def test_adds_unknown_fields_to_every_document(toy: Running) -> None:
    toy.fault("toy", "unknown_fields")
    assert all("xFuture" in row for row in _list(toy).json()[:-1])


def test_strikes_so_many_times_and_no_more(toy: Running) -> None:
    toy.fault("toy", "500", times=2)
    assert [_list(toy).status_code for _ in range(3)] == [500, 500, 200]


def test_strikes_data_unless_a_path_is_named(toy: Running) -> None:
    toy.fault("toy", "500")
    assert requests.get(f"{toy.base_url}/toy/now", timeout=5).status_code == 200
    toy.clear()
    toy.fault("toy", "500", path="/now")
    assert requests.get(f"{toy.base_url}/toy/now", timeout=5).status_code == 500
    assert _list(toy).status_code == 200


def test_refuses_faults_and_slugs_it_does_not_know(toy: Running) -> None:
    with pytest.raises(Impossible, match="unknown fault 'bad'"):
        toy.fault("toy", "bad")
    with pytest.raises(Impossible, match="unknown simulator 'nobody'"):
        toy.fault("nobody", "500")
    with pytest.raises(Impossible, match="unknown simulator 'nobody'"), running(["nobody"]):
        pass


def test_every_simulator_has_the_faults_of_the_matrix_and_a_line_on_each() -> None:
    for simulator in discover().values():
        faults = known_faults(simulator)
        assert {*TRANSPORT, *DOCUMENT} <= set(faults)
        assert all(faults.values())


# Control ---------------------------------------------------------------------------------------------------


def _control(toy: Running, name: str, arguments: object) -> requests.Response:
    return requests.post(f"{toy.base_url}/_control/{name}", json=arguments, timeout=5)


def test_faults_are_switched_over_http(toy: Running) -> None:
    answer = _control(toy, "fault", {"slug": "toy", "name": "500", "times": 3})
    assert answer.json() == {"on": [{"slug": "toy", "name": "500", "times": 3, "path": None}]}
    assert _list(toy).status_code == 500
    _control(toy, "fault", {"slug": "toy", "name": "500", "on": False})
    assert _list(toy).status_code == 200
    _control(toy, "fault", {"slug": "toy", "name": "500"})
    assert _control(toy, "clear", {}).json() == {"on": []}
    assert _list(toy).status_code == 200


def test_the_clock_is_set_and_advanced_over_http(toy: Running) -> None:
    _control(toy, "clock", {"advance": 90})
    assert requests.get(f"{toy.base_url}/toy/now", timeout=5).json()["now"] == NOW.timestamp() + 90
    _control(toy, "clock", {"now": "2030-01-01T00:00:00+00:00"})
    assert toy.now() == datetime(2030, 1, 1, tzinfo=UTC)
    toy.advance(60)
    assert toy.now() == datetime(2030, 1, 1, 0, 1, tzinfo=UTC)


def test_switches_are_set_over_http(toy: Running) -> None:
    _control(toy, "switch", {"slug": "toy", "name": "mode", "value": "odd"})
    assert requests.get(f"{toy.base_url}/toy/mode", timeout=5).json()["mode"] == "odd"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("fault", {"slug": "toy", "name": "nope"}),
        ("fault", {"slug": "toy", "name": "500", "times": "many"}),
        ("clock", {}),
        ("clock", {"now": "yesterday"}),
        ("clock", {"advance": True}),
        ("switch", {"slug": "toy", "name": "mode", "value": "purple"}),
        ("mutate", {"slug": "toy", "what": "nothing"}),
        ("mutate", {"slug": "nobody", "what": "restore"}),
        ("fault", ["not", "an", "object"]),
    ],
)
def test_control_answers_400_to_what_cannot_be_done(toy: Running, name: str, arguments: object) -> None:
    answer = _control(toy, name, arguments)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_control_says_what_there_is(toy: Running) -> None:
    state = requests.get(f"{toy.base_url}/_control/", timeout=5).json()
    assert state["now"] == NOW.isoformat()
    assert state["simulators"]["toy"]["faults"]["own"] == "a fault of its own"
    assert requests.get(f"{toy.base_url}/_control/fault", timeout=5).status_code == 200
    assert requests.put(f"{toy.base_url}/_control/fault", timeout=5).status_code == 404


# World -----------------------------------------------------------------------------------------------------


def test_dice_follow_from_their_key_alone() -> None:
    def throws(*key: object) -> list[int]:
        dice = Dice(*key)
        return [dice.below(1000) for _ in range(20)]

    assert throws(1, "a") == throws(1, "a")
    assert throws(1, "a") != throws(2, "a")
    assert throws("ab", "c") != throws("a", "bc")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 997])
def test_a_shuffle_is_one_to_one_and_reversible(size: int) -> None:
    shuffle = Shuffle(size, "key")
    there = [shuffle.forth(index) for index in range(size)]
    assert sorted(there) == list(range(size))
    assert [shuffle.back(position) for position in there] == list(range(size))


def test_stamps_follow_summer_time() -> None:
    july, january = datetime(2026, 7, 1).date(), datetime(2026, 1, 1).date()
    assert stamp(july, 12 * 60) == datetime(2026, 7, 1, 10, tzinfo=UTC).timestamp()
    assert stamp(january, 24 * 60 + 15) == datetime(2026, 1, 1, 23, 15, tzinfo=UTC).timestamp()


def test_the_programme_day_begins_at_five_in_stockholm() -> None:
    assert programme_day(datetime(2026, 11, 23, 3, 59, tzinfo=UTC)).day == 22
    assert programme_day(datetime(2026, 11, 23, 4, 0, tzinfo=UTC)).day == 23


def test_sales_only_grow_and_stop_when_sold_out_or_begun() -> None:
    opens, start = 1_700_000_000, 1_700_000_000 + 14 * 86_400
    for key in range(60):
        steps = [sales(Dice(key), now, opens, start) for now in range(opens - 86_400, start + 86_400, 7_200)]
        shares = [step.share for step in steps]
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)
        changed = [step.changed for step in steps if step.changed is not None]
        assert changed == sorted(changed)
        assert changed[-1] <= start
        # A share that changed has a stamp that changed: or a delta would miss it.
        assert len(set(shares)) <= len(set(changed)) + 1


# Command ---------------------------------------------------------------------------------------------------


def _simulate(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of the command, run in this process."""
    out, err = StringIO(), StringIO()
    command = Command(stdout=out, stderr=err, no_color=True)
    try:
        call_command(command, *arguments)
    except SystemExit as stopped:
        return int(str(stopped.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_prints_the_environment() -> None:
    code, out, _ = _simulate("--print-env", "--port", "8765")
    lines = dict(line.split("=", 1) for line in out.splitlines())
    assert code == 0
    assert lines["PROVIDER_SFF_BASE_URL"] == "http://127.0.0.1:8765/sff/v1/"
    assert lines["PROVIDER_SFF_SITE_URL"] == "http://127.0.0.1:8765/sff-site/"
    assert lines["PROVIDER_KULTURBILJETTER_BASE_URL"] == "http://127.0.0.1:8765/kulturbiljetter/api/v2/"
    assert {"PROVIDER_SFF_API_KEY", "PROVIDER_SFF_API_PASSWORD"} <= set(lines)
    assert lines["PROVIDER_KULTURBILJETTER_API_KEY"]


def test_the_command_lists_every_fault() -> None:
    code, out, _ = _simulate("--list-faults")
    assert code == 0
    for slug, simulator in discover().items():
        for name, line in known_faults(simulator).items():
            assert f"{slug}:{name}  {line}\n" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fault", "sff:nope"),
        ("--fault", "nobody:500"),
        ("--fault", "sff"),
        ("--fault", "sff:"),
        ("--port", "0", "--sff-recording", "manage.py"),
        ("--port", "0", "--sff-recording", "no-such-file.csv"),
    ],
)
def test_the_command_refuses_what_it_does_not_know_in_one_line(arguments: tuple[str, ...]) -> None:
    code, out, err = _simulate(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("simulate: ")
    assert len(err.strip().splitlines()) == 1


def test_the_command_refuses_a_port_that_is_taken(toy: Running) -> None:
    code, _, err = _simulate("--port", str(toy.port))
    assert code == 2
    assert f"port {toy.port} cannot be used" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    command = [sys.executable, "manage.py", "simulate", "--port", "0", "--fault", "sff:500"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().split(" at ")[1].strip()
        assert requests.get(f"{base_url}sff/v1/festivals/list", timeout=5).status_code == 500
        process.send_signal(number)
        assert process.wait(timeout=10) == 0


def test_a_callable_clock_is_asked_every_time() -> None:
    moments = iter(NOW + timedelta(days=day) for day in range(1000))
    with running(simulators={"toy": TOY}, now=lambda: next(moments)) as simulation:
        url = f"{simulation.base_url}/toy/now"
        first, second = (requests.get(url, timeout=5).json()["now"] for _ in range(2))
    assert second > first
