"""What the planner puts on pages of other rooms. One small string a card: a page may have hundreds of them."""

from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planner.upstream.setting import SLUG
from planner.web.possession import planned_showings

register = template.Library()


@dataclass(frozen=True, slots=True)
class _Buttons:
    """What the buttons of one page have in common: the plan, and their words, translated and escaped once."""

    planned: frozenset[int]
    on: tuple[str, str, str]
    off: tuple[str, str, str]


def _buttons(request: HttpRequest) -> _Buttons:
    known: _Buttons | None = getattr(request, "_plan_buttons", None)
    if known is None:
        on = _("Remove %(title)s from your plan") % {"title": "\0"}
        off = _("Add %(title)s to your plan") % {"title": "\0"}
        known = _Buttons(
            planned_showings(request),
            (escape(_("In your plan")), *_halves(escape(on))),
            (escape(_("Add to plan")), *_halves(escape(off))),
        )
        request._plan_buttons = known  # type: ignore[attr-defined]
    return known


def _halves(text: str) -> tuple[str, str]:
    before, _mark, after = text.partition("\0")
    return before, after


@register.simple_tag(takes_context=True)
def plan_button(context: Context, showing: Any, short: bool = False) -> SafeString:
    """Put a showing into the plan, or say that it is there; nothing for what is over or will not take place.

    The buttons belong to the one form at the page's end. A *short* one is a sign; its words are its accessible name.
    """
    request = context.get("request")
    if request is None:
        return mark_safe("")
    buttons, look = _buttons(request), " plan-button-short" if short else ""
    title, pk = escape(str(showing.title)), int(showing.id)
    if pk in buttons.planned:
        words, before, after = buttons.on
        words = "" if short else f" {words}"
        return mark_safe(  # noqa: S308  what is not ours is escaped
            f'<button class="plan-button plan-button-on{look}" form="plan" name="showing" value="{pk}" '
            f'formaction="{reverse("planner:remove")}" aria-label="{before}{title}{after}">✓{words}</button>'
        )
    state = getattr(showing, "state", None)
    if showing.over or (state is not None and state.look in ("cancelled", "withdrawn")):
        return mark_safe("")
    words, before, after = buttons.off
    words = "" if short else f" {words}"
    return mark_safe(  # noqa: S308  what is not ours is escaped
        f'<button class="plan-button{look}" form="plan" name="showing" value="{pk}" '
        f'aria-label="{before}{title}{after}">+{words}</button>'
    )


@register.simple_tag
def other_side() -> str:
    """The simulated festival's own planner, for the demo's banner; "" outside the demo."""
    entry = settings.PROVIDERS.get(SLUG) if settings.DEMO else None
    config: Any = entry.config if entry else None
    return f"{config.site_url}myfestival/" if config is not None else ""


@register.inclusion_tag("planner/slots/_form.html", takes_context=True)
def plan_form(context: Context) -> dict[str, Any]:
    """The form that the buttons belong to. Who brings no session is asked on a page first, and gets no cookie here."""
    request = context.get("request")
    known = request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES
    return {
        "request": request,
        "csrf_token": context.get("csrf_token") if known else None,
        "known": known,
        "next": request.get_full_path() if request is not None else "",
    }
