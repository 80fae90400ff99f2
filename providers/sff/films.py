"""The full film of the festival's API as a film record: credits, numbers, pictures, clips."""

import re
from collections.abc import Mapping
from datetime import datetime

from aggregator.records import Credit, FilmRecord, Image, Trailer
from aggregator.vocabulary import CreditRole, ImageRole
from providers.sff import schema
from providers.sff.wording import people, texts

PLACEHOLDER = "[IMAGESIZE]"
PREVIEW_SIZES = ("50x28", "100x56", "200x113", "320x180", "600x338", "640x360", "1024x576")
POSTER_SIZES = ("50x71", "100x143", "200x286", "320x457", "600x857", "640x914")

_YOUTUBE = re.compile(r"(?:.*(?:v=|youtu\.be/|embed/|/v/))?([A-Za-z0-9_-]{11})(?:[?&#].*)?")
_IMDB = re.compile(r"(?:.*tt)?0*(\d{1,10})/?(?:\?.*)?", re.IGNORECASE)
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#].*)?")
_LONGEST = 24 * 60 * 4


def film_record(
    film: schema.Film,
    identifier: str,
    *,
    titles: Mapping[str, str],
    modified_at: datetime | None,
    authority: str,
) -> FilmRecord:
    """The film's own row; texts stay as upstream wrote them, cleaning is the border's."""
    return FilmRecord(
        external_id=identifier,
        authority=authority,
        modified_at=modified_at,
        url=web(film.info_url),
        titles=titles,
        original_title=film.original_name,
        descriptions=texts(sv=film.description_sv, en=film.description_en),
        countries=texts(sv=film.country_sv, en=film.country_en),
        languages=film.language,
        length=_number(film.length, 1, _LONGEST),
        year=_number(film.year, 1870, 2200),
        statuses=texts(sv=film.status_sv, en=film.status_en),
        subtitles=texts(sv=film.subtitle_sv, en=film.subtitle_en),
        companies=film.company,
        rights=film.rights,
        distribution=film.distribution,
        imdb_id=imdb_id(film.imdb_id),
        website=web(film.homesite),
        trailers=trailers(film),
        credits=_credits(film),
        images=_images(film),
    )


def _credits(film: schema.Film) -> tuple[Credit, ...]:
    lines = (
        (CreditRole.DIRECTOR, film.director),
        (CreditRole.CAST, film.cast),
        (CreditRole.SCRIPT, film.script),
        (CreditRole.PRODUCER, film.producer),
        (CreditRole.CINEMATOGRAPHY, film.cinematography),
        (CreditRole.MUSIC, film.music),
    )
    return tuple(Credit(role=role, name=name) for role, line in lines for name in people(line))


def _images(film: schema.Film) -> tuple[Image, ...]:
    found = (
        _image(film.preview_image, ImageRole.STILL, PREVIEW_SIZES),
        _image(film.poster_image, ImageRole.POSTER, POSTER_SIZES),
    )
    return tuple(image for image in found if image is not None)


def _image(address: str, role: ImageRole, sizes: tuple[str, ...]) -> Image | None:
    """A picture from its URL template; a URL without the placeholder is used as it is."""
    if not address:
        return None
    template = address.replace("%5BIMAGESIZE%5D", PLACEHOLDER)
    if PLACEHOLDER not in template:
        return Image(url=address, role=role)
    urls = {size: template.replace(PLACEHOLDER, size) for size in sizes}
    return Image(url=urls[sizes[-1]], role=role, template=template, sizes=urls)


def trailers(film: schema.Film) -> tuple[Trailer, ...]:
    """The film's clips, each URL once, the YouTube page first."""
    clip = _YOUTUBE.fullmatch(film.youtube_id)
    found = [Trailer(url=f"https://www.youtube.com/watch?v={clip[1]}", label="YouTube")] if clip else []
    for address, label in (
        (film.mobile_trailer, "Mobile"),
        (film.iphone_trailer, "iPhone"),
        (film.download_trailer, "Download"),
    ):
        if (url := web(address)) and url not in {trailer.url for trailer in found}:
            found.append(Trailer(url=url, label=label))
    return tuple(found)


def imdb_id(text: str) -> str:
    """An IMDb title id as ``tt`` and at least seven digits, from one with or without ``tt`` or from its
    page's URL.
    """
    match = _IMDB.fullmatch(text)
    return f"tt{match[1].zfill(7)}" if match and int(match[1]) else ""


def web(address: str) -> str:
    """A web address; one without a scheme gets ``http``. Whether it is fit for a page the border decides."""
    return f"http://{address}" if _BARE_HOST.fullmatch(address) else address


def _number(text: str, smallest: int, largest: int) -> int | None:
    """The first number in *text* (``108``, ``108 min``, ``2017-2018``), None where there is none in range."""
    digits = re.search(r"\d+", text)
    if digits is None or len(digits[0]) > 6 or not smallest <= int(digits[0]) <= largest:
        return None
    return int(digits[0])
