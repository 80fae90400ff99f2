"""Pictures as upstream offers them, and our renditions of them."""

from typing import Any

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

    Written by ingest: ``url`` to ``alt`` and ``wanted``, a print of everything that a fetch depends on; ``width`` and
    ``height`` hold upstream's word until the picture was fetched. Written by ``aggregator.images``: the rest.
    ``width`` and ``height`` are then those of the picture as kept. ``focus`` is ``crop`` in fractions of the sides:
    left, top, right and bottom. ``content_hash`` is "" until there is something to show; it names what renditions
    are made from, and begins the ``?v=`` of their addresses. ``brought`` is the ``wanted`` that was last fetched.
    ``due_at`` says when to fetch next; a worker holds ``lease_until`` and commits only while ``generation`` is still
    the one that it took.
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
    crop = models.JSONField(default=list, blank=True)
    focus = models.JSONField(default=list, blank=True)
    dominant_colour = models.CharField(max_length=7, blank=True)
    copyright = models.TextField(blank=True)
    embedded_copyright = models.TextField(blank=True)
    caption = models.TextField(blank=True)
    alt = models.JSONField(default=dict, blank=True)
    wanted = models.CharField(max_length=32, blank=True)
    brought = models.CharField(max_length=32, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    fetched_from = models.TextField(blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    generation = models.PositiveIntegerField(default=0)

    class Meta(Listing.Meta):
        constraints = (
            *Listing.Meta.constraints,
            words("role", ImageRole, "image_role_is_a_word"),
            models.CheckConstraint(condition=_exactly_one_owner(), name="image_has_one_owner"),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="image_due"),
            models.Index(fields=["lease_until"], condition=Q(lease_until__isnull=False), name="image_leased"),
        )

    def __str__(self) -> str:
        return self.caption or self.external_id

    @property
    def owner(self) -> Any:
        """The row that the picture belongs to."""
        return next(getattr(self, name) for name in OWNERS if getattr(self, f"{name}_id") is not None)

    @property
    def credit(self) -> str:
        """Whom to name beside the picture: upstream's word, else what stood in the file itself."""
        return self.copyright or self.embedded_copyright


class Rendition(models.Model):
    """One file of one image: a preset in one format, or (preset ``kept``) what every preset is made from.

    The row comes before its file and goes after it, so that no file is ever left behind: planned until ``made_at``
    is set, and whoever made the plan holds it until ``lease_until``. ``image`` is null once the file is to be removed.
    ``used_at`` is told in steps of a day.
    """

    image = models.ForeignKey(Image, on_delete=models.SET_NULL, related_name="renditions", null=True)
    preset = models.CharField(max_length=20)
    extension = models.CharField(max_length=4)
    content_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=100, unique=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["image", "content_hash", "preset", "extension"], name="rendition_once"
            ),
        )
        indexes = (
            models.Index(fields=["used_at"], name="rendition_used"),
            models.Index(fields=["lease_until"], condition=Q(made_at=None), name="rendition_planned"),
            models.Index(fields=["id"], condition=Q(image=None), name="rendition_discarded"),
        )

    def __str__(self) -> str:
        return f"{self.image_id}/{self.preset}.{self.extension}"
