"""What every template may ask for, with or without a request: an error page has none."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def is_demo() -> bool:
    """Whether what is shown is invented."""
    return bool(settings.DEMO)


@register.inclusion_tag("web/_text.html")
def text(text: object) -> dict[str, object]:
    """A ``Text`` with its language marked where it is not the page's."""
    return {"text": text}
