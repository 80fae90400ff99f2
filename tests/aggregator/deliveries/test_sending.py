"""What arrives at a webhook, and what becomes of what does not: over real HTTP to a receiver on loopback."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from aggregator import changes
from aggregator.changes import feed
from aggregator.deliveries import endpoints, sending, signing, upkeep
from aggregator.http import HttpClient, Limits
from aggregator.models import Delivery, Endpoint, Event
from aggregator.vocabulary import ChangeAction, DeliveryState, EndpointState, Kind
from tests import factories
from tests.followers import settle
from tests.receiver import TAKEN, Answer, Call, Receiver

pytestmark = pytest.mark.django_db(transaction=True)

ALL: dict[str, Sequence[str]] = {"kinds": [], "providers": [], "actions": []}


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.at = timezone.now()

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(owner: Any, there: Receiver, clock: Clock) -> endpoints.Registered:
    return endpoints.register(owner, there.url, ALL, clock())


def say(event: Event, action: ChangeAction = ChangeAction.UPDATED) -> None:
    with transaction.atomic():
        changes.beside_others()
        changes.record(Kind.EVENT, [event.pk], action, timezone.now())
    settle()


def work(endpoint: Endpoint, clock: Clock, client: HttpClient | None = None) -> int:
    return sending.work(endpoint.pk, budget=30, clock=clock, client=client)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def state_of(endpoint: Endpoint) -> tuple[str, str]:
    found = Endpoint.objects.get(pk=endpoint.pk)
    return found.state, found.reason


# What arrives ----------------------------------------------------------------------------------------------


def test_a_change_arrives_as_ids_and_a_link_with_a_good_signature(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    event = factories.make_event("Hemlig titel")
    assert sending.due(clock()) == []
    say(event, ChangeAction.CREATED)
    assert sending.due(clock()) == [made.endpoint.pk]
    assert work(made.endpoint, clock) == 1
    [call] = there.calls
    assert call.is_signed_with(made.secret)
    assert not call.is_signed_with(signing.new_secret())
    assert call.headers["content-type"] == "application/json"
    assert {name: call.data[name] for name in ("kind", "id", "action", "provider", "url")} == {
        "kind": "events",
        "id": event.pk,
        "action": "created",
        "provider": "sff",
        "url": f"http://localhost:8000/api/v1/events/{event.pk}/",
    }
    assert b"Hemlig" not in call.body
    assert feed.read(call.data["cursor"])
    assert states() == [DeliveryState.DELIVERED]
    assert sending.due(clock()) == []


def test_nothing_is_told_of_what_was_before(owner: Any, there: Receiver, clock: Clock) -> None:
    say(factories.make_event())
    made = endpoints.register(owner, there.url, ALL, clock())
    assert work(made.endpoint, clock) == 0


def test_filters_choose_what_is_told(owner: Any, there: Receiver, clock: Clock) -> None:
    filters = {"kinds": ["events"], "providers": ["sff"], "actions": ["updated", "created"]}
    made = endpoints.register(owner, there.url, filters, clock())
    wanted = factories.make_event()
    say(wanted)
    say(wanted, ChangeAction.HIDDEN)
    say(factories.make_event(provider="sowprog"))
    with transaction.atomic():
        changes.record(Kind.VENUE, [factories.make_venue().pk], ChangeAction.UPDATED, timezone.now())
    settle()
    work(made.endpoint, clock)
    assert [(call.data["id"], call.data["action"]) for call in there.calls] == [(wanted.pk, "updated")]
    assert sending.due(clock()) == []


def test_a_test_says_nothing_and_waits_for_nobody(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    endpoints.send_test(made.endpoint, clock())
    assert work(made.endpoint, clock) == 1
    assert (there.calls[0].data, there.calls[0].is_signed_with(made.secret)) == ({}, True)


# What does not arrive at once ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "reason", "status"),
    [
        ((500, {}, 0.0), "server_error", 500),
        ((404, {}, 0.0), "not_found", 404),
        ((401, {}, 0.0), "unauthorised", 401),
        ((304, {}, 0.0), "unexpected_status", 304),
        ((302, {"Location": "/elsewhere"}, 0.0), "redirect_refused", None),
        ((307, {"Location": "http://127.0.0.1:9/"}, 0.0), "redirect_refused", None),
    ],
)
def test_whatever_is_not_taken_is_tried_again_under_the_same_id(
    made: endpoints.Registered, there: Receiver, clock: Clock, answer: Answer, reason: str, status: int | None
) -> None:
    there.decide = lambda call: answer
    say(factories.make_event())
    assert work(made.endpoint, clock) == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason, delivery.status, delivery.attempts) == (
        "waiting",
        reason,
        status,
        1,
    )
    assert work(made.endpoint, clock) == 0
    assert len(there.calls) == 1
    there.decide = lambda call: TAKEN
    clock.goes_on(seconds=60)
    assert work(made.endpoint, clock) == 1
    assert [call.path for call in there.calls] == ["/hook", "/hook"]
    assert len({call.message for call in there.calls}) == 1
    assert all(call.is_signed_with(made.secret) for call in there.calls)


def test_a_slow_answer_counts_as_none_and_ends_the_turn(
    made: endpoints.Registered, there: Receiver, clock: Clock, settings: Any
) -> None:
    there.answer(204, seconds=1.5)
    for _ in range(3):
        say(factories.make_event())
    hasty = Limits(connect=1.0, read=0.3, total=0.6, attempts=1)
    client = HttpClient(allowed_origins=settings.WEBHOOK_ALLOWED_ORIGINS, limits=hasty)
    work(made.endpoint, clock, client)
    assert len(there.calls) == 1
    assert Delivery.objects.order_by("pk")[0].reason in ("read_timeout", "total_timeout")
    assert sending.due(clock()) == []  # it rests
    there.answer(204)
    clock.goes_on(minutes=2)
    assert sending.due(clock()) == [made.endpoint.pk]
    assert work(made.endpoint, clock) == 3


def test_who_asks_for_a_pause_gets_it(made: endpoints.Registered, there: Receiver, clock: Clock) -> None:
    there.answer(429, Retry_After="600")
    say(factories.make_event())
    say(factories.make_event())
    work(made.endpoint, clock)
    there.answer(204)
    clock.goes_on(minutes=9)
    assert sending.due(clock()) == []
    clock.goes_on(minutes=2)
    assert work(made.endpoint, clock) == 2
    assert len(there.calls) == 3


def test_one_object_in_trouble_does_not_keep_the_others(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    bad, good = factories.make_event(), factories.make_event()
    there.decide = lambda call: (500, {}, 0.0) if call.data["id"] == bad.pk else TAKEN
    for event in (bad, good, bad, good):
        say(event)
    assert work(made.endpoint, clock) == 2
    there.answer(204)
    clock.goes_on(minutes=1)
    assert work(made.endpoint, clock) == 2
    assert order_of(there.taken, bad) == sorted(order_of(there.taken, bad))
    assert len(there.taken) == 4


def order_of(calls: Sequence[Call], event: Event) -> list[feed.Place]:
    return [feed.read(call.data["cursor"])[1] for call in calls if call.data["id"] == event.pk]


def test_the_status_alone_says_that_it_was_taken(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    there.answer(200)
    there.body = b"thanks " * 20_000
    say(factories.make_event())
    assert work(made.endpoint, clock) == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason, delivery.status) == (DeliveryState.DELIVERED, "", 200)
    there.answer(500)
    say(factories.make_event())
    assert work(made.endpoint, clock) == 0


# Addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "64:ff9b::7f00:1"]
)
def test_a_name_that_leads_into_a_private_network_is_not_sent_to(
    owner: Any, there: Receiver, clock: Clock, address: str
) -> None:
    made = endpoints.register(owner, "https://hooks.example.org/take", ALL, clock())
    say(factories.make_event())
    client = HttpClient(limits=sending.LIMITS, resolve=lambda host, port: [address])
    work(made.endpoint, clock, client)
    assert Delivery.objects.get().reason == "private_address"
    assert there.calls == []


def test_a_name_is_resolved_once_for_each_sending(owner: Any, there: Receiver, clock: Clock) -> None:
    """A second look-up that answers otherwise never happens."""
    made = endpoints.register(owner, "https://hooks.example.org/take", ALL, clock())
    say(factories.make_event())
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) > 1 else ["10.0.0.1"]

    work(made.endpoint, clock, HttpClient(limits=sending.LIMITS, resolve=resolve))
    assert asked == ["hooks.example.org"]


# Giving up -------------------------------------------------------------------------------------------------


def test_after_three_days_of_failures_the_webhook_is_disabled_and_its_owner_told(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    there.answer(503)
    event = factories.make_event()
    say(event)
    began = clock()
    while state_of(made.endpoint)[0] == EndpointState.ACTIVE:
        work(made.endpoint, clock)
        clock.goes_on(minutes=30)
        assert clock() - began < timedelta(days=4)
    assert clock() - began >= timedelta(days=3)
    assert 10 <= len(there.calls) <= 30
    assert state_of(made.endpoint) == (EndpointState.DISABLED, "server_error")
    upkeep.send_notices(clock())
    [letter] = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert there.url in letter.body
    assert upkeep.send_notices(clock() + timedelta(days=1)) == 0
    assert len(mail.outbox) == 1

    # What happened meanwhile is kept, what was tried last too, and comes in order when the owner resumes.
    say(event)
    assert sending.due(clock()) == []
    there.answer(204)
    endpoints.resume(made.endpoint, clock())
    assert work(made.endpoint, clock) == 2
    assert order_of(there.taken, event) == sorted(order_of(there.taken, event))
    assert len(order_of(there.taken, event)) == 2
    assert states() == [DeliveryState.DELIVERED] * 2


def test_one_delivery_that_is_never_taken_is_given_up_alone(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    bad, good = factories.make_event(), factories.make_event()
    there.decide = lambda call: (422, {}, 0.0) if call.data["id"] == bad.pk else TAKEN
    say(bad)
    for _ in range(20):
        say(good)
        work(made.endpoint, clock)
        clock.goes_on(hours=5)
    assert state_of(made.endpoint)[0] == EndpointState.ACTIVE
    assert Delivery.objects.get(row=bad.pk).state == DeliveryState.FAILED
    assert Delivery.objects.filter(row=good.pk, state=DeliveryState.DELIVERED).count() == 20


def test_an_address_that_is_gone_is_given_up_at_once(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    there.answer(410)
    say(factories.make_event())
    work(made.endpoint, clock)
    assert state_of(made.endpoint) == (EndpointState.DISABLED, "gone")
    upkeep.send_notices(clock())
    assert len(mail.outbox) == 1
    there.answer(204)
    endpoints.resume(made.endpoint, clock())
    assert work(made.endpoint, clock) == 1


def test_what_was_missed_can_be_left_out(made: endpoints.Registered, there: Receiver, clock: Clock) -> None:
    endpoints.pause(made.endpoint)
    say(factories.make_event())
    assert work(made.endpoint, clock) == 0
    endpoints.resume(made.endpoint, clock(), skip=True)
    assert work(made.endpoint, clock) == 0
    say(factories.make_event())
    assert work(made.endpoint, clock) == 1


def test_who_missed_more_than_is_kept_begins_with_what_happens_now(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    say(factories.make_event())
    feed.restart()
    work(made.endpoint, clock)
    assert there.calls == []
    say(factories.make_event())
    assert work(made.endpoint, clock) == 1


# Secrets, replay, the log ----------------------------------------------------------------------------------


def test_for_a_day_after_a_rotation_both_secrets_sign(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    fresh = endpoints.rotate(Endpoint.objects.get(), clock())
    event = factories.make_event()
    for hours in (0, 23, 2):
        clock.goes_on(hours=hours)
        say(event)
        work(made.endpoint, clock)
    old, new = made.secret, fresh.secret
    # The package refuses old stamps, so what it is asked is who signed, at any time.
    signed = [[signs(secret, call) for secret in (old, new)] for call in there.calls]
    assert signed == [[True, True], [True, True], [False, True]]


def signs(secret: str, call: Call) -> bool:
    stamp = datetime.fromtimestamp(int(call.headers["webhook-timestamp"]), timezone.get_current_timezone())
    own = signing.headers_of(call.message, call.body, [secret], stamp)["webhook-signature"]
    return own in call.headers["webhook-signature"].split(" ")


def test_secrets_rest_encrypted_and_survive_a_rotation_of_the_keys(
    made: endpoints.Registered, settings: Any
) -> None:
    stored = Endpoint.objects.get().secret
    assert made.secret not in stored
    assert made.secret.removeprefix("whsec_") not in stored
    from cryptography.fernet import Fernet

    settings.TOKEN_KEYS = (Fernet.generate_key().decode(), *settings.TOKEN_KEYS)
    assert signing.unsealed(stored) == made.secret
    settings.TOKEN_KEYS = settings.TOKEN_KEYS[:1]
    with pytest.raises(LookupError):
        signing.unsealed(stored)


def test_a_secret_that_can_no_longer_be_read_is_a_failure_like_any_other(
    made: endpoints.Registered, there: Receiver, clock: Clock, settings: Any
) -> None:
    from cryptography.fernet import Fernet

    settings.TOKEN_KEYS = (Fernet.generate_key().decode(),)
    say(factories.make_event())
    work(made.endpoint, clock)
    assert (Delivery.objects.get().reason, there.calls) == ("no_secret", [])


def test_a_replay_sends_the_same_again(made: endpoints.Registered, there: Receiver, clock: Clock) -> None:
    say(factories.make_event())
    work(made.endpoint, clock)
    assert endpoints.replay(Delivery.objects.all(), clock()) == 1
    assert work(made.endpoint, clock) == 1
    first, second = there.calls
    assert (first.message, first.body) == (second.message, second.body)


def test_the_log_is_kept_for_thirty_days(made: endpoints.Registered, there: Receiver, clock: Clock) -> None:
    say(factories.make_event())
    work(made.endpoint, clock)
    clock.goes_on(days=29)
    upkeep.tend(clock())
    assert Delivery.objects.count() == 1
    clock.goes_on(days=2)
    upkeep.tend(clock())
    assert Delivery.objects.count() == 0


def test_what_waits_is_kept_however_long_the_pause(
    made: endpoints.Registered, there: Receiver, clock: Clock
) -> None:
    """The cursor has passed it: cleared away with the old log it would never arrive."""
    there.answer(500)
    event = factories.make_event()
    for _ in range(2):
        say(event)
    work(made.endpoint, clock)
    endpoints.pause(made.endpoint)
    clock.goes_on(days=31)
    upkeep.tend(clock())
    there.answer(204)
    endpoints.resume(made.endpoint, clock())
    assert work(made.endpoint, clock) == 2
    assert order_of(there.taken, event) == sorted(order_of(there.taken, event))


# Processes that die or meet --------------------------------------------------------------------------------


class Killed(BaseException):
    """What a process does not survive."""


def test_a_process_that_dies_after_sending_sends_again_and_nothing_is_lost(
    made: endpoints.Registered, there: Receiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [factories.make_event() for _ in range(4)]
    for event in events * 2:
        say(event)

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    for number in range(4):
        with monkeypatch.context() as patch:
            patch.setattr(sending, "_tried", die)
            patch.setattr(sending.leases, "release", lambda lease: None)
            with pytest.raises(Killed):
                work(made.endpoint, clock)
        assert work(made.endpoint, clock) == 0, "the dead process's lease still holds"
        clock.goes_on(seconds=61)
        assert len(there.calls) == number + 1
    assert work(made.endpoint, clock) == 8
    for event in events:
        places = list(dict.fromkeys(order_of(there.taken, event)))
        assert len(places) == 2
        assert places == sorted(places)


def test_of_two_processes_one_sends(made: endpoints.Registered, there: Receiver, clock: Clock) -> None:
    there.decide = lambda call: (204, {}, 0.05)
    for _ in range(6):
        say(factories.make_event())

    def run() -> None:
        try:
            work(made.endpoint, clock)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    messages = [call.message for call in there.calls]
    assert len(messages) == len(set(messages)) == 6


def test_an_owner_who_may_no_longer_sign_in_is_told_nothing(
    made: endpoints.Registered, there: Receiver, clock: Clock, owner: Any
) -> None:
    type(owner).objects.update(is_active=False)
    say(factories.make_event())
    assert sending.due(clock()) == []
    assert work(made.endpoint, clock) == 0


def test_an_endpoint_that_does_not_keep_up_is_told_of_no_more_for_now(
    made: endpoints.Registered, there: Receiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending.fanout, "MOST_WAITING", 2)
    monkeypatch.setattr(sending.fanout, "PAGE", 1)
    there.answer(500)
    for _ in range(5):
        say(factories.make_event())
    work(made.endpoint, clock)
    assert Delivery.objects.count() == 2
    there.answer(204)
    clock.goes_on(minutes=5)
    assert work(made.endpoint, clock) == 5
