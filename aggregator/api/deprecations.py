"""What is going to end: how it is marked in the schema and told in every answer until then."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.http import http_date

from aggregator.addresses import absolute

#: Nothing ends sooner than this after it was said.
NOTICE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """An address that was deprecated on *since* and answers until *until*; *instead* says what to use, in a sentence.

    Raises ``ValueError`` where the time between is shorter than ``NOTICE``.
    """

    since: date
    until: date
    instead: str

    def __post_init__(self) -> None:
        if self.until - self.since < NOTICE:
            raise ValueError(f"what is deprecated stays for at least {NOTICE.days} days")

    def headers(self) -> dict[str, str]:
        """RFC 9745, RFC 8594, and where to read about it."""
        return {
            "Deprecation": f"@{_moment(self.since):.0f}",
            "Sunset": http_date(_moment(self.until)),
            "Link": f'<{absolute("/api/v1/docs/")}#deprecation>; rel="deprecation"',
        }

    def has_ended(self, now: datetime) -> bool:
        """Whether its day has come."""
        return now.timestamp() >= _moment(self.until)

    @property
    def sentence(self) -> str:
        """The same for people."""
        return f"Deprecated since {self.since}; ends on {self.until}. {self.instead}"


def _moment(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()
