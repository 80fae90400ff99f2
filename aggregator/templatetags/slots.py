"""The places of ``aggregator.web.slots`` in templates."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from aggregator.web import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, **given: Any) -> SafeString:
    """What other rooms put into the place *name*, with the page's context and *given*; nothing where nobody does."""
    templates = slots.templates_of(name)
    if not templates or context.template is None:
        return mark_safe("")
    with context.push(**given):
        parts = [context.template.engine.get_template(one).render(context) for one in templates]
    return mark_safe("".join(parts))  # noqa: S308  rendered templates, which escape for themselves
