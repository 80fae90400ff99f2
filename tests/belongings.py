"""Somebody who has one of everything that can belong to a person here, each with their mark in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth import get_user_model
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from aggregator.api import keys
from aggregator.deliveries import endpoints
from aggregator.models import Delivery, Endpoint, KeyUsage
from planner import access, plan, tickets
from planner.models import Card, Change, Entry, Link, Notice, OutboxRow, Preference, Question, Ticket
from planner.vault import seal
from planner.vocabulary import TicketMark
from tests import factories

PASSWORD = "en lång mening om vinter"
#: A base32 secret of an authenticator app.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ACCESS, REFRESH = "aCcEsS-tOkEn-0123456789", "rEfReSh-tOkEn-9876543210"


@dataclass(frozen=True)
class Belongings:
    """The person, the ids that addresses name their things by, and what else forms name."""

    user: Any
    key: int
    endpoint: int
    delivery: int
    entry: int
    asked: int
    showing: int
    change: int
    card: int
    passkey: int
    group: str
    key_secret: str
    hook_secret: str

    def ids(self) -> Mapping[str, int]:
        """Every id, by what it is of."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


def furnish(mark: str, now: datetime, name: str = "ada") -> Belongings:
    """Make the person, with *mark* in everything that has words."""
    user: Any = get_user_model().objects.create_user(
        f"{name}-{mark}", f"{name}@example.org", PASSWORD, date_joined=now
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=f"{mark.lower()}@example.org")
    passkey = _factors(user, mark)
    issued, hook = _developer(user, mark, now)
    entries = _plan(user.pk, mark, now)
    card = _festival(user.pk, mark, entries[0], now)
    change = Change.objects.create(
        user=user, provider="sff", external_id="gone", titles={"sv": f"{mark} borta"}, kind="added", at=now
    )
    return Belongings(
        user=user,
        key=issued.key.pk,
        endpoint=hook.endpoint.pk,
        delivery=Delivery.objects.get(endpoint=hook.endpoint).pk,
        entry=entries[0].pk,
        asked=entries[2].pk,
        showing=entries[0].showing_id or 0,
        change=change.pk,
        card=card.pk,
        passkey=passkey,
        group=f"{mark}-group",
        key_secret=issued.secret,
        hook_secret=hook.secret,
    )


def _factors(user: Any, mark: str) -> int:
    TOTP.activate(user, TOTP_SECRET)
    RecoveryCodes.activate(user)
    WebAuthn.add(user, f"{mark} passkey", _credential())
    return Authenticator.objects.get(user=user, type="webauthn").pk


def _credential() -> dict[str, Any]:
    """What a browser would have sent for a new passkey."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(Aaguid(bytes(16)), b"passkey", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, known)
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    attested = AttestationObject.create("none", data, {})
    return {
        "id": websafe_encode(b"passkey"),
        "rawId": websafe_encode(b"passkey"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(attested),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def _developer(user: Any, mark: str, now: datetime) -> tuple[keys.Issued, endpoints.Registered]:
    issued = keys.make(user, f"{mark} key", now)
    access.grant(issued.key.pk, [access.WRITE])
    KeyUsage.objects.create(key=issued.key, day=now.date(), requests=7)
    hook = endpoints.register(user, f"https://hooks.example.org/{mark}", {}, now)
    Endpoint.objects.filter(pk=hook.endpoint.pk).update(reason="http_500", succeeded_at=now)
    sent = endpoints.send_test(hook.endpoint, now)
    Delivery.objects.filter(pk=sent.pk).update(state="failed", reason="http_500", status=500)
    return issued, hook


def _plan(user: int, mark: str, now: datetime) -> list[Entry]:
    """Two that clash, one with a question, one that will not take place, and one that was taken out."""
    festival = factories.make_festival(starts_on=now.date(), ends_on=now.date() + timedelta(days=9))
    skandia = factories.make_venue("Skandia", latitude=59.334, longitude=18.06)
    rio = factories.make_venue("Rio", latitude=59.31, longitude=18.02)
    made = []
    for title, hours, venue, more in (
        ("Nattlinjen", 1.0, skandia, {}),
        ("Malin och den mycket långa titeln som aldrig vill ta slut", 2.0, rio, {}),
        ("Snön", 5.0, skandia, {}),
        ("Regn", 6.0, rio, {"status": "cancelled"}),
        ("Dimma", 7.0, rio, {}),
    ):
        event = factories.make_event(title, festival=festival, film=factories.make_film(title))
        at = now + timedelta(hours=hours)
        showing = factories.make_showing(event, starts_at=at, venue=venue, **more)
        again = {"starts_at": at + timedelta(days=2), "venue": skandia}
        factories.make_showing(event, **again)
        entry = plan.add(user, showing.pk, now)
        Entry.objects.filter(pk=entry.pk).update(titles={"sv": f"{mark} {title}"}, base="plain")
        made.append(entry)
    plan.set_ticket(user, made[1].pk, TicketMark.NEEDED, now)
    plan.remove(user, made[4].pk, now)
    Question.objects.create(entry=made[2], remote="absent", group=f"{mark}-group", asked_at=now)
    return made


def _festival(user: int, mark: str, entry: Entry, now: datetime) -> Card:
    """Linked, read just now, with a card that has a ticket for *entry* and one for something unplanned."""
    sealed = {"access_token": seal(ACCESS), "refresh_token": seal(REFRESH)}
    moments = dict.fromkeys(("linked_at", "seen_at", "pulled_at", "tickets_at"), now)
    later = now + timedelta(hours=1)
    Link.objects.create(user_id=user, expires_at=later, next_sync_at=later, **sealed, **moments)
    waiting = {"created_at": now, "due_at": later, "reason": "http_500", "attempts": 1}
    OutboxRow.objects.create(entry=entry, position=0, step="add", **waiting)
    card = tickets.type_in(user, "0004711001", now)
    Card.objects.filter(pk=card.pk).update(kinds={"en": f"{mark} pass"}, read_at=now)
    for at, title in ((entry, "Nattlinjen"), (None, "Ensam")):
        Ticket.objects.create(
            user_id=user,
            card=card,
            key=title,
            seen_at=now,
            provider="sff",
            external_id=at.external_id if at else "unplanned",
            titles={"sv": f"{mark} {title}"},
            starts_at=at.starts_at if at else now + timedelta(hours=9),
            venue_name="Skandia",
            showing=at.showing if at else None,
        )
    Link.objects.filter(user=user).update(tickets_at=now, next_sync_at=later)
    Entry.objects.filter(pk=entry.pk).update(ticket=TicketMark.HELD)
    facts = {"titles": {"sv": f"{mark} Regn"}}
    Notice.objects.create(
        user_id=user, cause=f"{mark} cause", kind="moved", facts=facts, created_at=now, due_at=now
    )
    Preference.objects.create(user_id=user, language="sv")
    return card
