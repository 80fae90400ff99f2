"""Pictures in templates: ``{% picture image "poster-200x286" sizes="(min-width: 40rem) 200px, 45vw" %}``.

*image* is an ``Image`` with at least ``aggregator.images.COLUMNS``, or None. No query, no inline style, and never an
address but our own. *alt*: give "" where the picture stands beside its own title; without it the picture's own text
is used. *eager* is for the one picture at the top of a page.
"""

from typing import Any

from django import template
from django.utils.translation import get_language

from aggregator.images import address, geometry, placeholder
from aggregator.images.presets import EAGER, PRESETS, Preset, family_of
from aggregator.models import Image
from aggregator.models.listing import best_text

register = template.Library()


@register.inclusion_tag("web/_picture.html")
def picture(
    image: Image | None, preset: str, sizes: str = "", alt: str | None = None, *, eager: bool = False
) -> dict[str, Any]:
    """The picture in a size, with the other sizes of its shape for the browser to choose from."""
    chosen = PRESETS[preset]
    shown = image is not None and bool(image.content_hash) and image.is_public
    width, height = _size(image if shown else None, chosen)
    if not shown or image is None:
        return {
            "width": width,
            "height": height,
            "ground": (image.pk if image else 0) % len(placeholder.GROUNDS),
        }
    choice = _choice(image, chosen)
    return {
        "image": image,
        "width": width,
        "height": height,
        "url": address(image, preset),
        "sources": [
            (media, ", ".join(f"{address(image, one.name, ending)} {across}w" for one, across in choice))
            for media, ending in (("image/webp", "webp"),)
        ],
        "srcset": ", ".join(f"{address(image, one.name)} {across}w" for one, across in choice),
        "sizes": sizes or f"{width}px",
        "alt": _alt(image) if alt is None else alt,
        "tone": _tone(image.dominant_colour),
        "eager": eager,
    }


@register.simple_tag
def picture_url(image: Image | None, preset: str, extension: str = "jpg") -> str:
    """The path of one rendition; "" where there is no picture that may be seen."""
    return address(image, preset, extension) if image is not None and image.is_public else ""


def _size(image: Image | None, preset: Preset) -> tuple[int, int]:
    if image is not None and image.width and image.height:
        return geometry.output_size(preset, (image.width, image.height))
    return placeholder.size_for(preset, image.role if image else "", None, None)


def _choice(image: Image, preset: Preset) -> list[tuple[Preset, int]]:
    """The presets of the same shape with their widths; of the six that are made beforehand where one was asked for,
    and none that only enlarges.
    """
    family = [one for one in EAGER if one.family == preset.family] if preset in EAGER else family_of(preset)
    widths = {one: _size(image, one)[0] for one in family}
    most = max(image.width or 0, widths.get(preset, preset.width))
    by_width = {across: one for one, across in reversed(widths.items()) if across <= most}
    return sorted(((one, across) for across, one in by_width.items()), key=lambda pair: pair[1])


def _alt(image: Image) -> str:
    return best_text(dict(image.alt), (get_language() or "en").split("-")[0]) or image.caption


def _tone(colour: str) -> str:
    """The nearest of 64 colours that the stylesheet knows, so that the room of a picture is not white: ``tone-213``."""
    try:
        parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    except ValueError:
        return ""
    return "tone-" + "".join(str(round(part / 85)) for part in parts)
