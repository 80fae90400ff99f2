"""Which picture a page shows of its row."""

from typing import Any

from aggregator.addresses import absolute
from aggregator.images import address
from aggregator.models import Image

#: What is told of a picture to those who share a page.
SHARED = "preview-1024x576"


def picture_of(*rows: Any) -> Image | None:
    """The lead picture of the first of *rows* that has one which was fetched and may be seen."""
    for row in rows:
        image: Image | None = row.picture if row is not None else None
        if image is not None and image.content_hash and image.is_public:
            return image
    return None


def shared_address(image: Image | None) -> str:
    """The whole address of *image* in the size for sharing; "" for none."""
    return absolute(address(image, SHARED)) if image is not None else ""
