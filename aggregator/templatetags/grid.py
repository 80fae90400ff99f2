"""A showing in a festival's grid.

Written here and not as a template: a page has hundreds of them, and the template engine takes longer over so many
small parts than the whole page may.
"""

from html import escape
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from aggregator.templatetags.slots import slot
from aggregator.web.cards import Card
from aggregator.web.grid import Cell
from aggregator.web.words import Badge

register = template.Library()


@register.simple_tag(takes_context=True)
def tile(context: Context, cell: Cell) -> SafeString:
    """The list item of *cell*: a link with time and title, place, what changed, badges, and what other rooms add."""
    card = cell.card
    ends = f'<span class="tile-end">–{card.ends}</span>' if card.ends else ""
    lang = f' lang="{escape(card.title.lang)}"' if card.title.lang else ""
    place = f'<span class="tile-where">{escape(card.venue)}</span>' if card.venue else ""
    was = f'<span class="tile-was">{escape(card.was)}</span>' if card.was else ""
    tickets = None if card.over else card.tickets
    return mark_safe(  # noqa: S308  what is not ours is escaped
        f'<li class="tile {cell.place}{_looks(card)}"><a class="tile-link" href="{escape(card.path)}">'
        f'<time class="tile-time" datetime="{escape(card.machine_time)}">{escape(str(card.when))}{ends}</time> '
        f'<span class="tile-title"{lang}>{escape(card.title.value)}</span></a>{place}{was}'
        f'<span class="tile-state">{_badge(card.state)}{_badge(tickets)}'
        f"{slot(context, 'plan', showing=card)}</span></li>"
    )


def _looks(card: Card) -> str:
    looks: list[Any] = [badge.look for badge in (card.state, card.tickets) if badge]
    return "".join(f" tile-{look}" for look in (*looks, *(["over"] if card.over else [])))


def _badge(badge: Badge | None) -> str:
    if badge is None:
        return ""
    symbol = f'<span class="badge-symbol" aria-hidden="true">{badge.symbol}</span>'
    return f'<span class="badge badge-{badge.look}">{symbol} {escape(str(badge.label))}</span>'
