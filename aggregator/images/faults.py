"""Every way in which bytes from upstream can fail to be a picture, by a stable code.

Failures on the way to the bytes keep the codes of ``aggregator.transport.faults``. The codes stand in ``Image.failure``
and are shown to the operator, so they are never renamed.
"""

from typing import Final

from aggregator.transport import faults as transport

HTML: Final = "html_for_picture"
SVG: Final = "svg"
UNKNOWN_FORMAT: Final = "unknown_format"
ANIMATED: Final = "animated"
TOO_MANY_PIXELS: Final = "too_many_pixels"
TOO_SMALL: Final = "too_small"
TRUNCATED: Final = "truncated_picture"
DAMAGED: Final = "damaged_picture"
TOO_SLOW: Final = "too_slow_to_read"
EMPTY: Final = "empty_body"
UNEXPECTED: Final = "unexpected"

REASONS: Final[dict[str, str]] = {
    HTML: "upstream sent a web page where a picture was expected",
    SVG: "upstream sent an SVG drawing, which is not accepted because it can hold scripts",
    UNKNOWN_FORMAT: "what upstream sent is no picture in a format that is accepted (JPEG, PNG, GIF, WebP, AVIF)",
    ANIMATED: "the picture is animated",
    TOO_MANY_PIXELS: "the picture has far too many pixels",
    TOO_SMALL: "the picture is a pixel or so in size",
    TRUNCATED: "the picture breaks off before its end",
    DAMAGED: "the picture is damaged",
    TOO_SLOW: "reading the picture took too long",
    EMPTY: "the answer is empty",
    UNEXPECTED: "something went wrong with this picture here; the log says what",
}


class PictureFault(Exception):
    """Bytes that are no picture that we show. *reason* is one of the codes above."""

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason])
        self.reason = reason


def sentence(code: str) -> str:
    """What a code means, for the operator; "" for none."""
    if code in REASONS:
        return REASONS[code]
    return transport.REASONS[code][1] if code in transport.REASONS else code
