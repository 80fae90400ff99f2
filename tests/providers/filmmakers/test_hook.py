"""Webhook calls: signed by Filmmakers or refused, whatever else is wrong with them."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from aggregator.provider import HookCall, HookEvent, HookRefused
from providers.filmmakers import PROVIDER, FilmmakersConfig
from providers.filmmakers.hook import OVERLAP, read, sign

KEY = "sim-api-key-0001"
UPDATED = b'{"type":"actor_profile.updated","created":1699999990,"data":{"id":4711}}'
DELETED = (
    b'{\n  "type": "actor_profile.deleted",\n  "created": 1700000290,\n  "data": {\n    "id": 4712\n  }\n}\n'
)
VECTORS = [
    (1700000000, UPDATED, "0545c33520858d9f1525728d3d917fa7df29698b8c39ac56e5c3c699e89654a4"),
    (1700000300, DELETED, "63b0a39af1a9d2569ea5d356d499e611302c5d800dcd961bd2faf01b45efa81d"),
]


def config(**more: Any) -> FilmmakersConfig:
    return FilmmakersConfig(api_key=SecretStr(KEY), **more)


def call(header: str, body: bytes = UPDATED, at: int = 1700000000) -> HookCall:
    return HookCall({"x-signature": header}, body, datetime.fromtimestamp(at, UTC))


def signed(body: bytes, at: int = 1700000000, key: str = KEY) -> HookCall:
    return call(f"t={at}, v1={sign(key, str(at), body)}", body, at)


@pytest.mark.parametrize(("stamp", "body", "digest"), VECTORS)
@pytest.mark.parametrize("between", [",", ", ", " ,\t"])
def test_the_contract_s_vectors_are_accepted_with_and_without_the_blank(
    stamp: int, body: bytes, digest: str, between: str
) -> None:
    assert read(call(f"t={stamp}{between}v1={digest}", body, stamp), config()).action != "ignore"


def test_the_vectors_bodies_are_the_contract_s_to_the_byte() -> None:
    assert (len(UPDATED), len(DELETED)) == (72, 95)


def test_a_body_that_was_written_anew_is_refused() -> None:
    compact = b'{"type":"actor_profile.deleted","created":1700000290,"data":{"id":4712}}'
    digest = "6f346566f6ae82a961c8a739e457bf300abc8c494ed0b7cb212d34b43d5ac0e7"
    assert sign(KEY, "1700000300", compact) == digest
    with pytest.raises(HookRefused):
        read(call(f"t=1700000300,v1={digest}", DELETED, 1700000300), config())


def test_an_update_asks_for_the_profile_and_a_deletion_forgets_the_person() -> None:
    assert read(signed(UPDATED), config()) == HookEvent(
        "actor_profile.updated:4711:1699999990", "refresh", "profile", "4711"
    )
    assert read(signed(DELETED), config()) == HookEvent(
        "actor_profile.deleted:4712:1700000290", "forget", "person", "4712"
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":"actor_profile.sneezed","created":1,"data":{"id":4711}}',
        b'{"type":"actor_profile.updated","created":1,"data":{"id":"4711"}}',
        b'{"type":"actor_profile.updated","created":1,"data":{"id":true}}',
        b'{"type":"actor_profile.deleted","created":1,"data":{"id":-3}}',
        b'{"type":"actor_profile.deleted","created":null,"data":{"id":3}}',
        b'{"type":["x"],"created":1,"data":{"id":3}}',
        b'{"data":7}',
        b"[]",
        b"",
        b"no json",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_signed_and_not_understood_is_accepted_and_ignored(body: bytes) -> None:
    event = read(signed(body), config())
    assert (event.action, event.document) == ("ignore", "")
    assert len(event.key) < 200


def test_the_same_event_has_the_same_key_however_often_it_is_signed() -> None:
    first, second = read(signed(UPDATED, 1700000000), config()), read(signed(UPDATED, 1700000200), config())
    assert first == second


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1700000000",
        f"v1={VECTORS[0][2]}",
        f"t=,v1={VECTORS[0][2]}",
        f"t=17000o0000,v1={VECTORS[0][2]}",
        f"t=1700000000,v0={VECTORS[0][2]}",
        f"t=1700000000,v1={VECTORS[0][2].upper()}",
        f"t=1700000000,v1={VECTORS[0][2][:-1]}",
        f"t=1700000000,v1=={VECTORS[0][2]}",
        f"t=1700000001,v1={VECTORS[0][2]}",
        "t=1700000000,v1=é",
        "t=1700000000,v1=\udcff",
        "t=²,v1=x",
    ],
)
def test_a_header_that_is_not_theirs_is_refused_without_a_word(header: str) -> None:
    with pytest.raises(HookRefused) as refused:
        read(call(header), config())
    assert str(refused.value) == ""


def test_no_header_at_all_is_refused() -> None:
    with pytest.raises(HookRefused):
        read(HookCall({}, UPDATED, datetime.fromtimestamp(1700000000, UTC)), config())


def test_unknown_schemes_and_a_second_signature_do_not_disturb() -> None:
    good = VECTORS[0][2]
    assert read(call(f"t=1700000000, v2=abc, v1={'0' * 64}, v1={good}, x"), config()).action == "refresh"


@pytest.mark.parametrize(("away", "accepted"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_time_too_far_off_is_refused(away: int, accepted: bool) -> None:
    header = f"t=1700000000,v1={VECTORS[0][2]}"
    late = call(header, at=1700000000 + away)
    if accepted:
        assert read(late, config()).action == "refresh"
        return
    with pytest.raises(HookRefused):
        read(late, config())


def test_the_limit_can_be_set_and_switched_off() -> None:
    header = f"t=1700000000,v1={VECTORS[0][2]}"
    assert read(call(header, at=1700009999), config(hook_tolerance=0)).action == "refresh"
    assert read(call(header, at=1700000900), config(hook_tolerance=1000)).action == "refresh"
    with pytest.raises(HookRefused):
        read(call(header, at=1700000011), config(hook_tolerance=10))


def test_the_key_before_signs_for_a_day_after_the_change() -> None:
    changed = datetime.fromtimestamp(1700000000, UTC)
    rotated = config(previous_api_key=SecretStr("the-key-before"), rotated_at=changed)
    last = int((changed + OVERLAP).timestamp())
    assert read(signed(UPDATED, last - 1, "the-key-before"), rotated).action == "refresh"
    assert read(signed(UPDATED, last + 9, KEY), rotated).action == "refresh"
    with pytest.raises(HookRefused):
        read(signed(UPDATED, last, "the-key-before"), rotated)
    with pytest.raises(HookRefused):
        read(signed(UPDATED, 1700000000, "the-key-before"), config())


def test_the_key_before_needs_the_time_of_the_change() -> None:
    with pytest.raises(ValidationError, match="ROTATED_AT"):
        config(previous_api_key=SecretStr("the-key-before"))
    naive = config(rotated_at=datetime(2026, 5, 4, 10))
    assert naive.rotated_at == datetime(2026, 5, 4, 10, tzinfo=UTC)


@given(body=st.binary(max_size=200), flip=st.integers(0, 10_000))
def test_one_flipped_bit_anywhere_is_refused(body: bytes, flip: int) -> None:
    good = sign(KEY, "1700000000", body)
    assert good == hmac.new(KEY.encode(), b"1700000000." + body, hashlib.sha256).hexdigest()
    place = flip % (len(body) + 1)
    changed = (
        body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :] if place < len(body) else body + b" "
    )
    with pytest.raises(HookRefused):
        read(call(f"t=1700000000,v1={good}", changed), config())


@given(st.text(max_size=100), st.binary(max_size=100))
def test_no_header_and_no_body_break_it(header: str, body: bytes) -> None:
    with pytest.raises(HookRefused):
        read(call(header, body), config())


def test_the_registry_finds_it() -> None:
    assert PROVIDER.hook is read
    assert OVERLAP.days == 1
