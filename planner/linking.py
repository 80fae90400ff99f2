"""Linking an account at the festival, and letting go of it. The plan stays whatever happens here."""

import hmac
import logging
import secrets
from collections.abc import MutableMapping
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from aggregator.addresses import absolute
from aggregator.http import FetchError, HttpClient
from planner import outbox
from planner.copies import FESTIVAL_PROVIDER
from planner.models import Card, Entry, Link, Question
from planner.upstream import oauth
from planner.upstream.oauth import TokenRefused
from planner.upstream.setting import Setting, configured
from planner.vault import Unreadable, seal, unseal
from planner.vocabulary import LinkState

logger = logging.getLogger(__name__)

STATES = "festival_link_states"
#: Seconds that an authorize page may stay open, and how many may be open at once.
STATE_SECONDS = 1800
MOST_STATES = 5
RETURN_PATH = "/planner/link/return/"


class LinkFailed(Exception):
    """No link came about; *reason* is a stable word: ``state``, ``access_denied``, or what the festival said."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason[:40]


def begin(
    session: MutableMapping[str, Any], setting: Setting, user: int, language: str, now: datetime
) -> str:
    """The address of the festival's authorize page; remembers in *session* that this user asked."""
    state = secrets.token_urlsafe(32)
    waiting = [one for one in session.get(STATES, []) if one["until"] > now.timestamp()]
    waiting.append({"state": state, "user": user, "until": now.timestamp() + STATE_SECONDS})
    session[STATES] = waiting[-MOST_STATES:]
    return oauth.authorize_address(setting, language, absolute(RETURN_PATH), state)


def complete(
    session: MutableMapping[str, Any],
    setting: Setting,
    http: HttpClient,
    user: int,
    answer: MutableMapping[str, str],
    now: datetime,
) -> Link:
    """Turn the festival's answer into a link, at once, since a code lives two minutes. Raises ``LinkFailed``.

    A state is good once, for the user who asked, and for half an hour.
    """
    _spend_state(session, user, answer.get("state", ""), now)
    if answer.get("error"):
        raise LinkFailed("access_denied" if answer["error"] == "access_denied" else "refused")
    code = answer.get("code", "")
    if not code or len(code) > 500:
        raise LinkFailed("no_code")
    try:
        pair = oauth.exchange(setting, http, code, absolute(RETURN_PATH), now)
    except (FetchError, TokenRefused) as error:
        reason = error.reason
    else:
        return _store(user, pair, now)
    raise LinkFailed(reason)


def unlink(user: int, setting: Setting | None, http: HttpClient | None, now: datetime) -> bool:
    """Let go of the link: spend the refresh token once, throw the new pair away, forget both. The plan stays.

    Gives whether the festival confirmed that the old token is dead; it is forgotten here in either case.
    """
    link = Link.objects.filter(user=user).first()
    if link is None:
        return True
    token = ""
    with suppress(Unreadable):
        token = unseal(link.refresh_token)
    with transaction.atomic():
        if not Link.objects.filter(pk=link.pk).delete()[0]:
            return True
        _forget_agreements(user)
    if setting is None or http is None or not token:
        return False
    try:
        oauth.refresh(setting, http, token, now)
    except TokenRefused as refused:
        return refused.reason == oauth.INVALID_GRANT
    except FetchError as error:
        logger.warning("user %s: unlinked, but the festival was not told (%s)", user, error.reason)
        return False
    return True


def unlink_now(user: int) -> bool:
    """``unlink`` with a client of its own, where there is a festival to tell."""
    setting = configured()
    with setting.client() if setting else nullcontext() as http:
        return unlink(user, setting, http, timezone.now())


def _spend_state(session: MutableMapping[str, Any], user: int, state: str, now: datetime) -> None:
    waiting = list(session.get(STATES, []))
    said = state.encode("utf-8", "replace")  # text beyond ASCII cannot be compared so
    found = [one for one in waiting if hmac.compare_digest(str(one["state"]).encode(), said)]
    session[STATES] = [one for one in waiting if one not in found]
    if not found or found[0]["user"] != user or found[0]["until"] < now.timestamp():
        raise LinkFailed("state")


def _store(user: int, pair: oauth.Pair, now: datetime) -> Link:
    values = {
        "state": LinkState.LINKED,
        "access_token": seal(pair.access),
        "refresh_token": seal(pair.refresh),
        "expires_at": pair.expires_at,
        "intent_at": None,
        "refresh_failures": 0,
        "refresh_retry_at": None,
        "sync_failures": 0,
        "reason": "",
        "linked_at": now,
        "seen_at": now,
        "next_sync_at": now,
        "tickets_at": None,
    }
    if not Link.objects.filter(user=user).update(**values, version=F("version") + 1):
        Link.objects.get_or_create(user_id=user, defaults=values)
    return Link.objects.get(user=user)


def _forget_agreements(user: int) -> None:
    """What was agreed with the festival means nothing any more; removed entries need not be remembered."""
    ours = Entry.objects.filter(user=user, provider=FESTIVAL_PROVIDER)
    list(ours.order_by("pk").select_for_update().values_list("pk", flat=True))  # locked in everybody's order
    Question.objects.filter(entry__in=ours).delete()
    outbox.clear(ours)
    ours.exclude(removed_at=None).delete()
    ours.update(base="", remote="", sent=[], gone_at=None, revision=F("revision") + 1)
    Card.objects.filter(user=user, own=True).delete()
