"""Point every row at its lead picture, and have every picture fetched."""

from typing import Any

from django.db import migrations
from django.db.models import Case, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Now

# As in aggregator.images.leads when this was written.
_FIRST = {"venue": "logo", "organisation": "logo"}
_ROLES = ("poster", "portrait", "still", "other", "logo")


def point(apps: Any, schema_editor: Any) -> None:
    """A row's picture is the best of its own; an event without one has its film's."""
    pictures = apps.get_model("aggregator", "Image").objects
    for kind in ("festival", "venue", "organisation", "person", "film", "event"):
        first = _FIRST.get(kind, "")
        order = [role for role in _ROLES if role == first] + [role for role in _ROLES if role != first]
        rank = Case(
            *(When(role=role, then=Value(number)) for number, role in enumerate(order)),
            default=Value(9),
            output_field=IntegerField(),
        )
        own = pictures.filter(**{kind: OuterRef("pk")}, withdrawn_at=None, hidden_at=None)
        lead: Any = Subquery(own.order_by(rank, "position", "id").values("pk")[:1])
        rows = apps.get_model("aggregator", kind.capitalize()).objects
        if kind == "event":
            films = apps.get_model("aggregator", "Film").objects.filter(pk=OuterRef("film_id"))
            lead = Coalesce(lead, Subquery(films.values("picture_id")[:1]))
        rows.update(picture_id=lead)
    pictures.filter(withdrawn_at=None).update(due_at=Now())


class Migration(migrations.Migration):
    dependencies = [("aggregator", "0004_pictures")]

    operations = [migrations.RunPython(point, migrations.RunPython.noop)]
