"""Access tokens: valid when handed out, refreshed by one process at a time, and never used before they are stored.

A refresh token dies with its use, so a refresh is: take the lease, note which token is about to be sent, call, store
the new pair in one statement. No transaction is open during the call. If the process dies or the answer is lost in
between, the note is still there: the next one tries the old token once more, and either it still lives or the festival
says ``invalid_grant`` and the person is asked to link again. The plan is never touched here.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from aggregator.http import FetchError, HttpClient
from planner import leases, notices
from planner.leases import Lease
from planner.models import Link
from planner.upstream import oauth
from planner.upstream.oauth import Pair, TokenRefused
from planner.upstream.setting import Setting
from planner.vault import Unreadable, seal, unseal
from planner.vocabulary import LinkState

logger = logging.getLogger(__name__)

#: A token with less time left is renewed ahead; one that has more than the last margin left may still be used when
#: that fails.
AHEAD = timedelta(minutes=10)
LAST = timedelta(seconds=30)
#: Seconds that one caller waits for another's refresh before giving up for now.
PATIENCE = 40.0
PAUSE = 0.05
_LONGEST_WAIT = timedelta(minutes=30)


class NoToken(Exception):
    """There is no token to be had now. *reason* is a stable word; *again* says that waiting may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


@dataclass(frozen=True)
class Tokens:
    """The tokens of one link. *now* is asked for the time at every turn."""

    link: int
    setting: Setting
    http: HttpClient
    now: Callable[[], datetime] = timezone.now

    def access(self, rejected: str = "") -> str:
        """An access token that is not *rejected*, refreshed if need be. Raises ``NoToken``.

        While another process refreshes, this waits for its result instead of refreshing as well.
        """
        end = time.monotonic() + PATIENCE
        while True:
            link = self._row()
            token = _opened(link.access_token)
            left = link.expires_at - self.now()
            if token != rejected and left > AHEAD:
                return token
            usable = token if token != rejected and left > LAST else ""
            if link.refresh_retry_at is not None and link.refresh_retry_at > self.now():
                if usable:
                    return usable
                raise NoToken(link.reason or "refresh_failed", again=True)
            lease = leases.acquire(self.link, "refresh", self.now())
            if lease is not None:
                return self._refreshed(lease, rejected, usable)
            if usable:
                return usable
            if time.monotonic() > end:
                raise NoToken("refresh_busy", again=True)
            time.sleep(PAUSE)

    def _row(self) -> Link:
        link = Link.objects.filter(pk=self.link).first()
        if link is None:
            raise NoToken("not_linked", again=False)
        if link.state != LinkState.LINKED:
            raise NoToken(link.reason or oauth.INVALID_GRANT, again=False)
        return link

    def _refreshed(self, lease: Lease, rejected: str, usable: str) -> str:
        try:
            # Somebody may have finished between our look and our lease.
            link = self._row()
            token = _opened(link.access_token)
            if token != rejected and link.expires_at - self.now() > AHEAD:
                return token
            return self._refresh(lease, link)
        except NoToken as problem:
            if usable and problem.again:
                return usable
            raise
        finally:
            leases.release(lease)

    def _refresh(self, lease: Lease, link: Link) -> str:
        """Spend the refresh token of *link* for a new pair, which is stored before it is returned."""
        old = _opened(link.refresh_token)
        asked_at = self.now()
        self._note_intent(lease, link.version, asked_at)
        try:
            pair = oauth.refresh(self.setting, self.http, old, asked_at)
        except FetchError as error:
            self._failed(lease, link, error.reason, unknown=error.sent, at=getattr(error, "retry_at", None))
            raise NoToken(error.reason, again=True) from None
        except TokenRefused as refused:
            self._refused(lease, link, refused)
            raise NoToken(refused.reason, again=refused.reason != oauth.INVALID_GRANT) from None
        self._store(link, pair)
        return pair.access

    def _note_intent(self, lease: Lease, version: int, at: datetime) -> None:
        """Durable before the call: which pair's refresh token is about to be spent."""
        noted = Link.objects.filter(
            pk=self.link, version=version, refresh_generation=lease.generation, state=LinkState.LINKED
        ).update(intent_version=version, intent_at=at, refresh_lease_until=at + leases.HOLDS["refresh"])
        if not noted:
            raise NoToken("refresh_busy", again=True)

    def _store(self, link: Link, pair: Pair) -> None:
        """One statement. It asks for the version and not for the lease: there is one living pair, and this is it.

        Whoever took the lease over meanwhile was refused with the old token, and this sets that right.
        """
        stored = Link.objects.filter(pk=self.link, version=link.version).update(
            access_token=seal(pair.access),
            refresh_token=seal(pair.refresh),
            expires_at=pair.expires_at,
            version=F("version") + 1,
            intent_at=None,
            refresh_failures=0,
            refresh_retry_at=None,
            state=LinkState.LINKED,
            reason="",
        )
        if not stored:
            raise NoToken("not_linked", again=True)

    def _failed(
        self, lease: Lease, link: Link, reason: str, *, unknown: bool, at: datetime | None = None
    ) -> None:
        """Wait before the next try. An intent whose call never went out is taken back."""
        failures = link.refresh_failures + 1
        wait = min(timedelta(seconds=5) * 2 ** min(failures, 12), _LONGEST_WAIT)
        values = {
            "refresh_failures": failures,
            "refresh_retry_at": max(self.now() + wait, at or self.now()),
            "reason": reason[:40],
        }
        if not unknown:
            values |= {"intent_version": link.intent_version, "intent_at": link.intent_at}
        self._mine(lease, link).update(**values)
        logger.warning("link %s: tokens not refreshed (%s)", self.link, reason)

    def _refused(self, lease: Lease, link: Link, refused: TokenRefused) -> None:
        if refused.reason != oauth.INVALID_GRANT:
            self._failed(lease, link, refused.reason, unknown=refused.spent)
            return
        dead = self._mine(lease, link).update(state=LinkState.RELINK, reason=oauth.INVALID_GRANT)
        if dead:
            logger.warning("link %s: the festival asks for a new approval", self.link)
            notices.relink(link, self.now())

    def _mine(self, lease: Lease, link: Link) -> QuerySet[Link]:
        return Link.objects.filter(pk=self.link, version=link.version, refresh_generation=lease.generation)


def _opened(stored: str) -> str:
    try:
        return unseal(stored)
    except Unreadable:
        pass
    raise NoToken("token_keys", again=False)
