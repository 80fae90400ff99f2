"""Mending text on its way into a parser, in a stream.

One bad byte must not cost a whole list, so what is no text becomes a mark (`INVALID`) that admission looks
for: only the document that holds it is rejected.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import BinaryIO

#: A noncharacter: valid UTF-8, allowed in JSON and XML, never meant by anybody.
INVALID = "\ufdd0"

_CHUNK = 64 * 1024
#: Raw control characters stop JSON and XML parsers alike.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,31});")
_OPEN_ENTITY = re.compile(r"&[A-Za-z0-9]{0,32}\Z")
_DIGITS = "0123456789"
#: Python refuses to read integers above some thousand digits (640 at the strictest setting), and ijson's fast
#: backend does not survive the refusal: the process dies. So no run of digits is let through that is longer.
_MAX_DIGITS = 600
_LONG_RUN = re.compile(rf"([0-9]{{{_MAX_DIGITS}}})[0-9]+")
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_XML_SPECIAL = {"&": "&#38;", "<": "&#60;", ">": "&#62;", '"': "&#34;", "'": "&#39;"}


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return INVALID, error.end


codecs.register_error("aggregator.mark_invalid", _mark)


class TextStream:
    """A readable stream of clean UTF-8 over a stream in `encoding` (any name that Python knows).

    Every invalid byte sequence and every raw control character becomes `INVALID`; a byte order mark is
    dropped. With `named_entities` the named entities of HTML become their characters, but for the five of
    XML; an unknown name stays as literal text. With `cut_digits` a run of digits ends after 600: such a
    number stays out of every range, and does the parser no harm. `read` may give more or fewer bytes than
    asked, b"" only at the end.
    """

    def __init__(
        self,
        stream: BinaryIO,
        *,
        encoding: str = "utf-8",
        named_entities: bool = False,
        cut_digits: bool = False,
    ) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("aggregator.mark_invalid")
        self._named_entities = named_entities
        self._cut_digits = cut_digits
        self._run = 0
        self._held = ""
        self._at_start = True
        self._ended = False

    @property
    def is_at_end(self) -> bool:
        """Whether a reader has been told that nothing follows."""
        return self._ended

    def read_text(self) -> str:
        """The next piece, "" at the end."""
        while not self._ended:
            data = self._stream.read(_CHUNK)
            self._ended = not data
            text = self._decoder.decode(data, final=self._ended)
            if self._at_start and text:
                self._at_start = False
                text = text.removeprefix("\ufeff")
            text = _CONTROLS.sub(INVALID, text)
            if self._named_entities:
                text = self._with_characters(self._held + text)
            if self._cut_digits:
                text = self._with_short_runs(text)
            if text:
                return text
        return ""

    def _with_characters(self, text: str) -> str:
        self._held = ""
        if not self._ended and (open_end := _OPEN_ENTITY.search(text, max(0, len(text) - 34))):
            self._held = open_end.group()
            text = text[: open_end.start()]
        return _ENTITY.sub(_character, text)

    def _with_short_runs(self, text: str) -> str:
        rest = text.lstrip(_DIGITS)
        leading = len(text) - len(rest)
        if self._run and leading:
            text = text[: max(0, min(leading, _MAX_DIGITS - self._run))] + rest
        # Where the piece is digits throughout, the run goes on; otherwise it begins anew at its end.
        self._run = self._run + leading if not rest else len(rest) - len(rest.rstrip(_DIGITS))
        return _LONG_RUN.sub(r"\1", text)

    def read(self, size: int = -1) -> bytes:
        """The next piece as UTF-8. `size` 0 gives b"", -1 everything left; else it is only a hint."""
        if size == 0:
            return b""
        if size > 0:
            return self.read_text().encode("utf-8")
        return "".join(iter(self.read_text, "")).encode("utf-8")


def _character(match: re.Match[str]) -> str:
    name = match.group(1)
    if name in _XML_OWN:
        return match.group()
    text = html5.get(f"{name};")
    if text is None:
        return f"&#38;{name};"
    return "".join(_XML_SPECIAL.get(char, char) for char in text)
