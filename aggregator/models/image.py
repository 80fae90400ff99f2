"""Pictures as upstream offers them, and our renditions of them."""

from django.db import models
from django.db.models import Q

from aggregator.models.event import Event
from aggregator.models.festival import Festival
from aggregator.models.film import Film
from aggregator.models.listing import Listing, words
from aggregator.models.organisation import Organisation
from aggregator.models.person import Person
from aggregator.models.venue import Venue
from aggregator.vocabulary import ImageRole

OWNERS = ("festival", "film", "event", "venue", "organisation", "person")


def _exactly_one_owner() -> Q:
    condition = Q()
    for owner in OWNERS:
        condition |= Q(**{f"{name}__isnull": name != owner for name in OWNERS})
    return condition


class Image(Listing):
    """A picture of one owner. ``url`` is upstream's and is never sent to a visitor.

    ``external_id`` is upstream's picture id where there is one, else owner, role and position; never the address,
    since addresses are signed and change. A picture that upstream drops is withdrawn, so that its own address stays.
    """

    festival = models.ForeignKey(
        Festival, on_delete=models.CASCADE, related_name="images", null=True, blank=True
    )
    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="images", null=True, blank=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="images", null=True, blank=True)
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="images", null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="images", null=True, blank=True
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="images", null=True, blank=True)
    role = models.CharField(max_length=10, default=ImageRole.OTHER)
    position = models.PositiveIntegerField(default=0)
    template = models.TextField(blank=True)
    sizes = models.JSONField(default=dict, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    dominant_colour = models.CharField(max_length=7, blank=True)
    copyright = models.TextField(blank=True)
    caption = models.TextField(blank=True)
    alt = models.JSONField(default=dict, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=40, blank=True)

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            words("role", ImageRole, "image_role_is_a_word"),
            models.CheckConstraint(condition=_exactly_one_owner(), name="image_has_one_owner"),
        )

    def __str__(self) -> str:
        return self.caption or self.external_id


class Rendition(models.Model):
    """One preset of one image in one format, once made."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")
    preset = models.CharField(max_length=20)
    extension = models.CharField(max_length=4)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["image", "preset", "extension"], name="rendition_image_preset_extension"
            ),
        )

    def __str__(self) -> str:
        return f"{self.image_id}/{self.preset}.{self.extension}"
