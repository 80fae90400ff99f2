"""Tokens: one refresh at a time, nothing used before it is stored, and every crash ends in recovery or a question."""

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connections
from oauthlib.oauth2 import WebApplicationClient

from planner import plan, tokens, vault
from planner.models import Card, Entry, Link, Notice
from planner.pull import with_token
from planner.tokens import NoToken
from planner.upstream import oauth
from planner.upstream.calls import Calls
from planner.vocabulary import LinkState
from tests.planner.festival import NOW, FakeFestival, festival_running
from tests.planner.people import make_person

LINES_IN_BETWEEN = ("_refresh", "_store", "_tokens", "_pair")


@pytest.fixture(name="committed")
def _committed(settings: Any, transactional_db: None) -> Iterator[tuple[FakeFestival, Link]]:
    """A festival and a link that other threads and processes can see."""
    with festival_running() as festival:
        festival.point(settings)
        festival.list_showings()
        yield festival, festival.link(make_person())


def test_fifty_requests_with_an_expired_token_cost_one_refresh(committed: tuple[FakeFestival, Link]) -> None:
    festival, link = committed
    festival.simulation.advance(7300)
    assert _fifty(festival, link) == 50
    assert festival.refreshes() == 2  # the exchange, and one


def test_fifty_requests_with_a_token_that_died_early_cost_one_refresh(
    committed: tuple[FakeFestival, Link],
) -> None:
    festival, link = committed
    festival.simulation.advance(7300)
    Link.objects.update(expires_at=festival.now() + timedelta(hours=1))
    assert _fifty(festival, link) == 50
    assert festival.refreshes() == 2


@pytest.mark.parametrize("dead_early", [False, True], ids=["expired", "died_early"])
def test_fifty_requests_of_five_processes_cost_one_refresh(
    committed: tuple[FakeFestival, Link], dead_early: bool
) -> None:
    festival, link = committed
    festival.simulation.advance(7300)
    if dead_early:
        Link.objects.update(expires_at=festival.now() + timedelta(hours=1))
    go, send = os.pipe()
    connections.close_all()  # each process has to have its own
    children = [_asking_process(festival, link, go, send) for _ in range(5)]
    os.close(go)
    os.close(send)  # the last writer: whoever waits for the end of the pipe begins now
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [10] * 5, "how many of each process's ten threads had a good answer"
    assert festival.refreshes() == 2  # the exchange, and one


def _asking_process(festival: FakeFestival, link: Link, go: int, send: int) -> int:
    """Fork a process of ten threads that ask when the pipe is closed; it ends with the number of good answers."""
    child = os.fork()
    if child == 0:
        good = 99
        try:
            os.close(send)
            os.read(go, 1)
            good = _ask_at_once(festival, link, 10)
        finally:
            os._exit(good)
    return child


def _fifty(festival: FakeFestival, link: Link) -> int:
    return _ask_at_once(festival, link, 50)


def _ask_at_once(festival: FakeFestival, link: Link, number: int) -> int:
    """So many threads ask for the cards at once; how many get an answer."""
    start = threading.Barrier(number)
    http = festival.setting.client()

    def ask(_: int) -> int:
        try:
            start.wait()
            holder = tokens.Tokens(link.pk, festival.setting, http, festival.now)
            return len(with_token(holder, Calls(festival.setting, http).cards).rows)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return sum(pool.map(ask, range(number)))


def test_a_token_is_renewed_ahead_and_the_old_one_serves_while_that_fails(
    festival: FakeFestival, link: Link
) -> None:
    festival.simulation.advance(7200 - 300)
    festival.simulation.fault("sff", "500", path="oauth/token")
    old = festival.tokens(link).access()
    link.refresh_from_db()
    assert link.intent_at is not None  # who knows whether that was done
    festival.simulation.clear()
    festival.simulation.advance(60)
    assert festival.tokens(link).access() != old
    link.refresh_from_db()
    assert (link.version, link.intent_at, link.refresh_failures) == (2, None, 0)


def test_a_lost_answer_is_asked_for_once_more_and_ends_in_a_question(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    festival.simulation.advance(7300)
    festival.simulation.fault("sff", "reset", times=1, path="oauth/token")
    with pytest.raises(NoToken) as lost:
        festival.tokens(link).access()
    assert lost.value.again
    festival.simulation.advance(60)
    with pytest.raises(NoToken) as refused:
        festival.tokens(link).access()
    assert refused.value.reason == "invalid_grant"
    link.refresh_from_db()
    assert link.state == LinkState.RELINK
    assert Entry.objects.count() == 1
    assert Notice.objects.get().kind == "relink"
    asked = festival.refreshes()
    with pytest.raises(NoToken):
        festival.tokens(link).access()
    assert festival.refreshes() == asked
    again = festival.link(person)
    assert again.pk == link.pk
    assert festival.tokens(again).access()
    assert Entry.objects.count() == 1


def test_a_wrong_secret_of_ours_is_not_the_persons_fault(festival: FakeFestival, link: Link) -> None:
    festival.simulation.advance(7300)
    festival.simulation.fault("sff", "client_refused", path="oauth/token")
    with pytest.raises(NoToken) as refused:
        festival.tokens(link).access()
    link.refresh_from_db()
    assert (refused.value.reason, link.state) == ("invalid_client", LinkState.LINKED)
    assert link.refresh_retry_at is not None


def test_who_was_overtaken_but_has_the_living_pair_stores_it(festival: FakeFestival, link: Link) -> None:
    """A worker sleeps after the festival's answer; another takes over and is refused; the first one wakes."""
    festival.simulation.advance(7300)
    late = festival.tokens(link)
    before = Link.objects.get()
    pair = oauth.refresh(festival.setting, festival.http, vault.unseal(before.refresh_token), festival.now())
    with pytest.raises(NoToken):
        festival.tokens(link).access()
    assert Link.objects.get().state == LinkState.RELINK
    late._store(before, pair)
    assert Link.objects.get().state == LinkState.LINKED
    assert festival.tokens(link).access() == pair.access


def test_a_kill_at_any_line_between_answer_and_commit_is_got_over(
    committed: tuple[FakeFestival, Link],
) -> None:
    festival, link = committed
    person = link.user
    plan.add(person.pk, festival.showing().pk, festival.now())
    line = 0
    recovered = asked = 0
    while True:
        line += 1
        festival.simulation.advance(7300)
        if not _dies_at(festival, link, line):
            break
        festival.simulation.advance(61)
        before = festival.refreshes()
        for _ in range(3):
            with suppress(NoToken):
                assert festival.calls().plan(festival.key, festival.tokens(link).access()).whole
                recovered += 1
                break
            assert Link.objects.get().reason == "invalid_grant"
            asked += 1
        assert festival.refreshes() - before <= 1, "no loop of attempts"
        if Link.objects.get().state == LinkState.RELINK:
            festival.link(person)
        assert Entry.objects.count() == 1
    assert line > 30
    assert recovered > 5
    assert asked > 5


def _dies_at(festival: FakeFestival, link: Link, line: int) -> bool:
    """Whether a process of its own that refreshes ends at the *line*-th line in between, as by SIGKILL."""
    connections.close_all()
    festival.http.close()
    child = os.fork()
    if child == 0:
        left = [line]

        def trace(frame: FrameType, event: str, argument: Any) -> Any:
            code = frame.f_code
            if (
                code.co_filename not in (tokens.__file__, oauth.__file__)
                or code.co_name not in LINES_IN_BETWEEN
            ):
                return None
            if event == "line":
                left[0] -= 1
                if left[0] <= 0:
                    os._exit(9)
            return trace

        try:
            sys.settrace(trace)
            festival.tokens(link).access()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_stored_tokens_are_encrypted_and_keys_can_be_changed(
    festival: FakeFestival, person: Any, link: Link, settings: Any
) -> None:
    access = festival.tokens(link).access()
    stored = Link.objects.get()
    assert access not in stored.access_token
    Card.objects.create(
        user=person,
        number=vault.seal("0009922001"),
        digest=vault.digest("0009922001"),
        tail="001",
        created_at=festival.now(),
    )
    fresh = Fernet.generate_key().decode()
    settings.TOKEN_KEYS = (fresh, *settings.TOKEN_KEYS)
    assert vault.rotate() == (2, 0)
    settings.TOKEN_KEYS = (fresh,)
    assert festival.tokens(link).access() == access
    assert vault.unseal(Card.objects.get().number) == "0009922001"
    settings.TOKEN_KEYS = (Fernet.generate_key().decode(),)
    with pytest.raises(NoToken) as refused:
        festival.tokens(link).access()
    assert refused.value.reason == "token_keys"
    assert vault.rotate() == (0, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'""',
        b"null",
        b"<html>",
        b'{"access_token": 1, "refresh_token": 2}',
        b'{"access_token": "a"}',
        b'{"access_token": "a", "refresh_token": "", "expires_in": 7200}',
        b"[" * 100_000,
    ],
)
def test_an_answer_that_makes_no_sense_is_no_token_and_leaks_nothing(body: bytes) -> None:
    with pytest.raises(oauth.TokenRefused) as refused:
        oauth._pair(WebApplicationClient("key"), body.decode(), NOW)
    assert refused.value.spent
    assert refused.value.__context__ is None


@pytest.mark.parametrize(
    "lifetime", [b'"soon"', b"9" * 400, b"null", b"-5", b"[]", b"true", b'"7200"', b"7200"]
)
def test_a_pair_is_not_lost_for_a_strange_lifetime(lifetime: bytes) -> None:
    body = b'{"access_token": "a", "refresh_token": "b", "expires_in": ' + lifetime + b"}"
    assert oauth._pair(WebApplicationClient("key"), body.decode(), NOW).expires_at == NOW + timedelta(hours=2)
