"""An upstream's rate limit, kept across processes: a counter per window in the database."""

from datetime import UTC, datetime

from django.db.models import F

from aggregator.http import RetryLater
from aggregator.models import RequestWindow


def spend(provider: str, limit: int, seconds: int, now: datetime) -> None:
    """Take one of *limit* requests from the window of *seconds* that *now* lies in; windows are aligned to the epoch.

    Raises ``RetryLater`` until the window's end where none is left. It does not know what upstream itself counted: a
    429 is obeyed all the same.
    """
    starts = int(now.timestamp()) // seconds * seconds
    window = RequestWindow.objects.filter(provider=provider, seconds=seconds, starts=starts)
    if window.filter(used__lt=limit).update(used=F("used") + 1):
        return
    fresh = RequestWindow(provider=provider, seconds=seconds, starts=starts)
    RequestWindow.objects.bulk_create([fresh], ignore_conflicts=True)
    if not window.filter(used__lt=limit).update(used=F("used") + 1):
        ends = datetime.fromtimestamp(starts + seconds, UTC)
        raise RetryLater("rate_limited", retry_at=ends, url="", status=429)
    RequestWindow.objects.filter(provider=provider, seconds=seconds, starts__lt=starts).delete()
