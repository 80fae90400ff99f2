"""Picture addresses: directory, id, a suffix for the size, a dot, extension (contract, section 4.3). Pure."""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from aggregator.records import Image
from aggregator.vocabulary import ImageRole
from providers.happenstand.schema import Picture

#: Our name of the size → upstream's suffix. 75 is square, the others are the longest side in pixels.
SUFFIXES: Final[Mapping[str, str]] = {"75": "_t", "100": "_s", "240": "_m", "500": "_l", "original": ""}


def images(pictures: Iterable[Picture], first: ImageRole = ImageRole.OTHER) -> tuple[Image, ...]:
    """The pictures whose address can be put together, each once, in upstream's order."""
    found: dict[str, Image] = {}
    for picture in pictures:
        if picture.id and picture.dir and picture.ext:
            role = ImageRole.OTHER if found else first
            image = _image(picture, role)
            found.setdefault(image.key, image)
    return tuple(found.values())


def _image(picture: Picture, role: ImageRole) -> Image:
    folder = picture.dir.rstrip("/") + "/"
    sizes = {size: f"{folder}{picture.id}{suffix}.{picture.ext}" for size, suffix in SUFFIXES.items()}
    return Image(
        url=sizes["original"], role=role, key=_key(folder, picture.id), sizes=sizes, caption=picture.caption
    )


def _key(folder: str, identity: str) -> str:
    """An id looks like the second of the upload: it is one only together with its folder's last two names."""
    try:
        names = [name for name in urlsplit(folder).path.split("/") if name]
    except ValueError:
        names = []
    return "/".join([*names[-2:], identity])[:200]
