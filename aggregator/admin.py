"""The operator's tables: sources, runs, quarantine, and hiding a row by hand.

Listing rows are neither added nor deleted here: they belong to ingest, and their ids are never given twice.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.models import (
    Category,
    Event,
    Festival,
    Film,
    Image,
    IngestRun,
    Listing,
    Organisation,
    Person,
    Rejection,
    Section,
    Showing,
    Source,
    Venue,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:  # generic for the type checker only
    ModelAdmin = admin.ModelAdmin


class ReadOnly(ModelAdmin):
    """To look at only: what the pipeline writes is not corrected by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


@admin.register(Source)
class SourceAdmin(ReadOnly):
    """How each provider is doing."""

    list_display = ("slug", "state", "reason", "last_good_at", "last_full_at", "failures", "backoff_until")


@admin.register(IngestRun)
class IngestRunAdmin(ReadOnly):
    """Every run there was, with its counts."""

    list_display = (
        *("id", "provider", "mode", "state", "reason", "created_at", "finished_at"),
        *("fetched", "created", "updated", "unchanged", "withdrawn", "rejected", "held_count"),
    )
    list_filter = ("provider", "mode", "state")
    ordering = ("-id",)


@admin.register(Rejection)
class RejectionAdmin(ReadOnly):
    """Documents in quarantine; the body stays out of the page."""

    list_display = ("provider", "kind", "key", "reason", "path", "attempts", "first_seen_at", "last_seen_at")
    list_filter = ("provider", "reason", "kind")
    search_fields = ("key", "path", "message")
    exclude = ("body",)
    actions = ("replay",)
    ordering = ("-last_seen_at",)

    @admin.action(description="Try the chosen documents again", permissions=["view"])
    def replay(self, request: HttpRequest, rows: QuerySet[Rejection]) -> None:
        """Map and store the chosen documents again from the store; success clears them."""
        from aggregator.ingest.replay import (
            replay_ids,
        )  # the admin is loaded by every process, ingest need not be

        tried, through = replay_ids(list(rows.values_list("pk", flat=True)))
        text = _("%(through)d of %(tried)d documents went through.") % {"through": through, "tried": tried}
        self.message_user(request, text, messages.SUCCESS if through else messages.WARNING)


class ListingAdmin(ReadOnly):
    """Rows of one kind, to be hidden from visitors or shown again."""

    list_display = (
        "__str__",
        "provider",
        "external_id",
        "updated_at",
        "withdrawn_at",
        "hidden_at",
        "hidden_reason",
    )
    list_filter = (
        "provider",
        ("hidden_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    search_fields: ClassVar[tuple[str, ...]] = ("external_id",)
    actions = ("hide", "unhide")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)

    def has_hide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change rows of this kind may hide them, though no form offers to change them."""
        return super(ReadOnly, self).has_change_permission(request)

    @admin.action(description="Hide the chosen rows from visitors", permissions=["hide"])
    def hide(self, request: HttpRequest, rows: QuerySet[Listing]) -> None:
        """Hide rows; ingest goes on updating them and never shows them again by itself."""
        reason = f"by {request.user.get_username()}"
        number = rows.filter(hidden_at=None).update(hidden_at=timezone.now(), hidden_reason=reason)
        self._say(request, ngettext("%d row is hidden.", "%d rows are hidden.", number) % number)

    @admin.action(description="Show the chosen rows to visitors again", permissions=["hide"])
    def unhide(self, request: HttpRequest, rows: QuerySet[Listing]) -> None:
        """Show rows that were hidden by hand."""
        number = rows.exclude(hidden_at=None).update(hidden_at=None, hidden_reason="")
        self._say(request, ngettext("%d row is shown.", "%d rows are shown.", number) % number)

    def _say(self, request: HttpRequest, text: str) -> None:
        self.message_user(request, text, messages.SUCCESS)


@admin.register(Event, Showing)
class ProgrammeAdmin(ListingAdmin):
    """Events and showings, found by title as well."""

    search_fields: ClassVar[tuple[str, ...]] = ("external_id", "folded")


@admin.register(Festival, Section, Venue, Organisation, Person)
class NamedAdmin(ListingAdmin):
    """Kinds with one name."""

    search_fields: ClassVar[tuple[str, ...]] = ("external_id", "name")


admin.site.register((Film, Category, Image), ListingAdmin)
admin.site.site_header = admin.site.site_title = "Marquee"
