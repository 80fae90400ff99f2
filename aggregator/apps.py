"""The Django app that holds the core."""

from importlib import import_module

from django.apps import AppConfig


class AggregatorConfig(AppConfig):
    """Label ``aggregator``. Loads the Celery app, so that whoever sends a hint sends it to our broker."""

    name = "aggregator"
    verbose_name = "Marquee"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import ``aggregator.celery``, which makes itself the default app of this process, and furnish the rooms."""
        import_module("aggregator.celery")
        _furnish()


def _furnish() -> None:
    """Put what the core keeps for a user where the pages about an account look for it."""
    from aggregator.accounts import personal
    from aggregator.api import key_page
    from aggregator.deliveries import views as webhooks
    from aggregator.web import slots

    slots.register("account", "accounts/_developer_ways.html")
    personal.register(personal.Part("api_keys", key_page.export))
    personal.register(personal.Part("webhooks", webhooks.export))
