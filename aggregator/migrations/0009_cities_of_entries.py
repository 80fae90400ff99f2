"""Entries count under every city and country of theirs; those with further venues are written anew for that."""

from typing import Any

from django.db import migrations, models


def write_anew(apps: Any, schema_editor: Any) -> None:
    further = apps.get_model("aggregator", "Showing").further_venues.through.objects
    backlog = apps.get_model("aggregator", "SearchBacklog").objects
    rows = [("venue", pk) for pk in further.order_by().values_list("venue", flat=True).distinct()]
    backlog.bulk_create(
        [backlog.model(kind=kind, row=pk) for kind, pk in rows], batch_size=500, ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("aggregator", "0008_plurals")]

    operations = [
        migrations.AlterField("searchentry", "city", models.TextField(blank=True)),
        migrations.AlterField("searchentry", "country", models.TextField(blank=True)),
        migrations.RunPython(write_anew, migrations.RunPython.noop, elidable=True),
    ]
