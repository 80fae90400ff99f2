"""Upstream texts in the language that suits the visitor best."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from aggregator.models.listing import best_text


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the language it is in where that is known and is not the page's own, else ""."""

    value: str
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return self.value


def pick(texts: Mapping[str, str], language: str) -> Text:
    """The text that suits *language*, as ``best_text`` chooses it; an empty ``Text`` for none."""
    value = best_text(dict(texts), language)
    if not value or texts.get(language) == value:
        return Text(value)
    return Text(value, next((tag for tag, text in texts.items() if text == value), ""))


def pick_rich(texts: Mapping[str, str], language: str) -> Text:
    """Like ``pick``, for the columns that hold HTML; the value may be put on a page as it is.

    The only place in the project where stored text is marked safe. It holds because every such column is
    filled through ``aggregator.admission``, which cleans HTML before it is stored; give it nothing else.
    """
    text = pick(texts, language)
    safe: SafeString = mark_safe(text.value)  # noqa: S308
    return Text(safe, text.lang)
