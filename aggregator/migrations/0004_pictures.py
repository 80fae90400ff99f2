import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aggregator", "0006_changes"),
    ]

    operations = [
        migrations.DeleteModel(
            name="Rendition",
        ),
        migrations.AddField(
            model_name="event",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="lead_of_events",
                to="aggregator.image",
            ),
        ),
        migrations.AddField(
            model_name="festival",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="aggregator.image",
            ),
        ),
        migrations.AddField(
            model_name="film",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="aggregator.image",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="attempts",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="image",
            name="brought",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="image",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="image",
            name="crop",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="image",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="image",
            name="embedded_copyright",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="image",
            name="etag",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="image",
            name="fetched_from",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="image",
            name="focus",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="image",
            name="generation",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="image",
            name="last_modified",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="image",
            name="lease_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="image",
            name="wanted",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="organisation",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="aggregator.image",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="aggregator.image",
            ),
        ),
        migrations.AddField(
            model_name="venue",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="aggregator.image",
            ),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="image_due"
            ),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                condition=models.Q(("lease_until__isnull", False)),
                fields=["lease_until"],
                name="image_leased",
            ),
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("preset", models.CharField(max_length=20)),
                ("extension", models.CharField(max_length=4)),
                ("content_hash", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                (
                    "image",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="renditions",
                        to="aggregator.image",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["used_at"], name="rendition_used"),
                    models.Index(
                        condition=models.Q(("made_at", None)),
                        fields=["lease_until"],
                        name="rendition_planned",
                    ),
                    models.Index(
                        condition=models.Q(("image", None)), fields=["id"], name="rendition_discarded"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("image", "content_hash", "preset", "extension"), name="rendition_once"
                    )
                ],
            },
        ),
    ]
