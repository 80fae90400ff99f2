"""Addresses of our pictures. Nothing here asks the database or looks at a file."""

from aggregator.images.presets import PRESETS
from aggregator.models import Image

#: What addresses and tags need of a picture, for ``only()``.
COLUMNS = (
    *("id", "content_hash", "width", "height", "dominant_colour", "role", "alt", "caption"),
    *("copyright", "embedded_copyright", "withdrawn_at", "hidden_at"),
)
VERSION_DIGITS = 8


def columns(path: str) -> tuple[str, ...]:
    """``COLUMNS`` of the picture at *path*, such as ``"event__picture"``, for ``only()`` beside ``select_related``."""
    return tuple(f"{path}__{name}" for name in COLUMNS)


def address(image: Image, preset: str, extension: str = "jpg") -> str:
    """The path of one rendition, with the version that lets it be kept for good. Raises ``KeyError`` for no preset."""
    path = f"/images/{image.pk}/{PRESETS[preset].name}.{extension}"
    return f"{path}?v={image.content_hash[:VERSION_DIGITS]}" if image.content_hash else path


def addresses(image: Image, extension: str = "jpg") -> dict[str, str]:
    """Preset → path, for every preset there is."""
    return {name: address(image, name, extension) for name in PRESETS}
