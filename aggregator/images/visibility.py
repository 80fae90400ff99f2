"""Who may see a picture: whoever may see its owner."""

from aggregator.models import Image, Person


def is_shown(image: Image) -> bool:
    """Whether neither the picture nor its owner is withdrawn, hidden or kept private. Its owner must be loaded."""
    owner = image.owner
    if isinstance(owner, Person) and not owner.public:
        return False
    return image.is_public and bool(owner.is_public)
