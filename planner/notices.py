"""What a person is told by mail: one notice a cause, made with the change that caused it, mailed by a tick."""

import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from aggregator.addresses import absolute
from aggregator.models.listing import best_text
from planner.models import Entry, Link, Notice, Preference
from planner.vocabulary import NoticeKind

logger = logging.getLogger(__name__)

ATTEMPTS = 10
_WAYS = (("started_at", "was_venue"), ("starts_at", "venue"))
BATCH = 20


def speak(user: int, language: str) -> None:
    """Mails to *user* are in *language*, unless there is one already."""
    Preference.objects.get_or_create(user_id=user, defaults={"language": language})


def relink(link: Link, now: datetime) -> None:
    """The festival asks for a new approval; told once for each time it was linked."""
    post(link.user_id, f"relink:{link.pk}:{link.linked_at:%s}", NoticeKind.RELINK, {}, now)


def showing_changed(
    entry: Entry, kind: NoticeKind, facts: dict[str, Any], changed_at: datetime, now: datetime
) -> None:
    """A planned showing was moved, cancelled or withdrawn. Each change is told once, however often it is seen.

    *changed_at* is when the listing changed: what is moved forth and back and forth again was moved three times.
    """
    way = ">".join(f"{facts.get(at)} {facts.get(place)}" for at, place in _WAYS)
    cause = f"{kind}:{changed_at.isoformat()}:{entry.provider}:{entry.external_id}:{way}"
    post(entry.user_id, cause, kind, facts, now)


def post(user: int, cause: str, kind: NoticeKind, facts: dict[str, Any], now: datetime) -> None:
    """Make a notice unless there is one of this cause."""
    values = {"kind": kind, "facts": facts, "created_at": now, "due_at": now}
    Notice.objects.get_or_create(user_id=user, cause=cause[:300], defaults=values)


def send_due(now: datetime) -> int:
    """Mail the notices that are due; gives how many were sent."""
    sent = 0
    due = Notice.objects.filter(sent_at=None, due_at__lte=now, attempts__lt=ATTEMPTS).order_by("due_at")
    for notice in due.select_related("user")[:BATCH]:
        # Claimed before it is sent, so that two ticks do not mail the same notice.
        later = now + timedelta(minutes=2 ** min(notice.attempts, 8))
        claim = Notice.objects.filter(pk=notice.pk, attempts=notice.attempts, sent_at=None)
        if claim.update(attempts=notice.attempts + 1, due_at=later) and _safely_mailed(notice):
            Notice.objects.filter(pk=notice.pk).update(sent_at=now)
            sent += 1
    return sent


def _safely_mailed(notice: Notice) -> bool:
    """``_mailed``; a notice that cannot even be written keeps no other from being mailed."""
    try:
        return _mailed(notice)
    except Exception:
        logger.exception("notice %s not mailed", notice.pk)
        return False


def _mailed(notice: Notice) -> bool:
    """Whether *notice* is done with: mailed, or not wanted."""
    preference = Preference.objects.filter(user=notice.user_id).first() or Preference()
    address = notice.user.email
    if not address or not preference.mail or not notice.user.is_active:
        return True
    with translation.override(preference.language):
        context = {
            "kind": notice.kind,
            **_words(notice.facts, preference.language),
            "link": absolute("/planner/"),
        }
        subject = " ".join(render_to_string("planner/mail/subject.txt", context).split())
        body = render_to_string("planner/mail/body.txt", context)
    try:
        send_mail(subject, body, None, [address])
    except OSError as error:
        logger.warning("notice %s not mailed: %s", notice.pk, type(error).__name__)
        return False
    return True


def _words(facts: dict[str, Any], language: str) -> dict[str, str]:
    """The facts as the text needs them; times in the showing's zone."""
    words = {"title": best_text(facts.get("titles") or {}, language), "venue": facts.get("venue", "")}
    zone = ZoneInfo(facts.get("zone") or "Europe/Stockholm")
    for name in ("starts_at", "started_at"):
        moment = facts.get(name)
        local = datetime.fromisoformat(moment).astimezone(zone) if moment else None
        words[name] = f"{date_format(local, 'D j M')} {local:%H:%M}" if local else ""
    words["was_venue"] = facts.get("was_venue", "")
    return words
