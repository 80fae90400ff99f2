"""Names in roles, of a film or an event."""

from django.db import models
from django.db.models import Q

from aggregator.models.event import Event
from aggregator.models.film import Film
from aggregator.models.listing import words
from aggregator.models.person import Person
from aggregator.vocabulary import CreditRole


class Credit(models.Model):
    """One name in one role; ``person`` only where upstream says who. Rewritten whole with its owner."""

    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="credits", null=True, blank=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="credits", null=True, blank=True)
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=16)
    name = models.TextField()
    character = models.TextField(blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, related_name="credits", null=True, blank=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["film", "position"], name="credit_film_position"),
            models.UniqueConstraint(fields=["event", "position"], name="credit_event_position"),
            models.CheckConstraint(
                condition=Q(film=None, event__isnull=False) | Q(film__isnull=False, event=None),
                name="credit_has_one_owner",
            ),
            words("role", CreditRole, "credit_role_is_a_word"),
        )

    def __str__(self) -> str:
        return self.name
