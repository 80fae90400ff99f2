"""News of a listing as an Atom feed: what was added or changed last comes first. Pure but for the rows it is given."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join

from aggregator.addresses import absolute
from aggregator.feeds.asked import site_host
from aggregator.web import clock
from aggregator.web.cards import Card
from aggregator.web.texts import Text

#: The year in our tag URIs (RFC 4151): one in which the host was certainly ours. It must never change.
_TAGGED = 2026


def feed(name: str, language: str, address: str, page: str, shown: Sequence[tuple[Any, Card]]) -> str:
    """An Atom document at *address* about the listing at *page*; *shown* are rows with ``stamp`` and their cards."""
    host = site_host()
    news = Atom1Feed(
        title=name,
        link=page,
        description="",
        language=language,
        feed_url=address,
        feed_guid=address,
        feed_copyright="",
    )
    for row, card in shown:
        news.add_item(
            title=_headline(card),
            link=absolute(card.path),
            description=_summary(card),
            unique_id=f"tag:{host},{_TAGGED}:showing/{row.pk}",
            author_name=card.origin.name,
            author_link=card.origin.homepage or None,
            categories=[str(card.kind)],
            pubdate=row.first_seen_at,
            updateddate=row.stamp,
        )
    if not shown:
        # The moment of the newest entry; of an empty feed a fixed one, so that it stays the same.
        news.latest_post_date = lambda: datetime(_TAGGED, 1, 1, tzinfo=UTC)  # type: ignore[method-assign]
    return news.writeString("utf-8")


def _headline(card: Card) -> str:
    """Title, when and where on one line, with what befell it in front."""
    state = f"{card.state.label}: " if card.state else ""
    when = clock.short_day(card.local_date)
    return ", ".join(filter(None, (f"{state}{card.title}", f"{when} {card.when}".strip(), card.place)))


def _summary(card: Card) -> str:
    """The same and a little more, as HTML."""
    lines = [
        Text(
            f"{clock.long_day(card.local_date)} {card.when}{f'–{card.ends}' if card.ends else ''} ({card.zone})"
        ),
        Text(", ".join(filter(None, (card.venue, card.address, card.city)))),
        Text(card.was),
        card.note,
    ]
    return str(format_html("{}", format_html_join("", "<p>{}</p>", ((str(line),) for line in lines if line))))
