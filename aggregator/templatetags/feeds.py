"""Links to the feeds of the listing that a page shows."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from aggregator import languages
from aggregator.search.criteria import NAMES

register = template.Library()


@register.inclusion_tag("feeds/_links.html", takes_context=True)
def feed_links(context: template.Context, in_head: bool = False) -> dict[str, Any]:
    """The listing's calendar and news under what this page was asked for, in its language; as head links or to be seen.

    Of what the page could not read they know nothing: they would refuse it.
    """
    values = context["state"].values
    asked = [(name, value) for name in NAMES for value in values.get(name, ())]
    query = f"?{urlencode(asked)}" if asked else ""
    named = {"calendar": "feeds:calendar", "news": "feeds:news"}
    links = {
        key: languages.in_language(reverse(name), languages.current()) + query for key, name in named.items()
    }
    return {**links, "in_head": in_head}
