"""The planner as a Django app."""

from django.apps import AppConfig


class PlannerConfig(AppConfig):
    """Tables, tasks and templates of the festival planner; fills the places that the core leaves for it."""

    name = "planner"

    def ready(self) -> None:
        """Register what belongs into pages of other rooms."""
        from aggregator.accounts import personal as accounts
        from aggregator.web import slots
        from planner import personal

        accounts.register(personal.PART)
        for place in ("plan", "styles", "end", "nav", "account", "demo"):
            slots.register(place, f"planner/slots/{place}.html")
