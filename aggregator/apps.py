"""The Django app that holds the core."""

from importlib import import_module

from django.apps import AppConfig


class AggregatorConfig(AppConfig):
    """Label ``aggregator``. Loads the Celery app, so that whoever sends a hint sends it to our broker."""

    name = "aggregator"
    verbose_name = "Marquee"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import ``aggregator.celery``, which makes itself the default app of this process."""
        import_module("aggregator.celery")
