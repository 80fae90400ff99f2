"""Listing rows: where each comes from, and hiding one from visitors by hand."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext

from aggregator.addresses import api_path
from aggregator.admin.reading import ReadOnly
from aggregator.changes import hiding
from aggregator.models import (
    Category,
    Event,
    Festival,
    Film,
    Listing,
    Organisation,
    Person,
    Section,
    Showing,
    Term,
    Venue,
)
from aggregator.vocabulary import Kind

# A venue or a word may stand in thousands of documents.
MOST_DOCUMENTS = 20


class ListingAdmin(ReadOnly):
    """Rows of one kind, to be hidden from visitors or shown again; each with the documents it came from."""

    list_display: Any = (
        "__str__",
        "provider",
        "external_id",
        "updated_at",
        "withdrawn_at",
        "hidden_at",
        "hidden_reason",
    )
    list_filter: ClassVar[Any] = (
        "provider",
        ("hidden_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    search_fields: ClassVar[tuple[str, ...]] = ("external_id",)
    actions: Any = ("hide", "unhide")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)
    change_form_template = "admin/aggregator/listing.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The row with the upstream documents behind it."""
        row: Model | None = kwargs.get("obj")
        if row is not None:
            # The admin is loaded by every process; ingest and the API need not be.
            from aggregator.api.source import KINDS
            from aggregator.ingest import evidence

            kind = Kind(str(self.opts.model_name))
            context["evidence"] = evidence.behind(kind, row.pk, MOST_DOCUMENTS)
            context["most_documents"] = MOST_DOCUMENTS
            for name in (name for name, other in KINDS.items() if other == kind):
                context["source_path"] = f"{api_path(name, row.pk)}source/"
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description="Hide the chosen rows from visitors", permissions=["operate"])
    def hide(self, request: HttpRequest, rows: QuerySet[Listing]) -> None:
        """Hide rows; ingest goes on updating them and never shows them again by itself."""
        reason = f"by {request.user.get_username()}"
        number = hiding.hide(rows, reason, timezone.now())
        self._say(request, ngettext("%d row is hidden.", "%d rows are hidden.", number) % number)

    @admin.action(description="Show the chosen rows to visitors again", permissions=["operate"])
    def unhide(self, request: HttpRequest, rows: QuerySet[Listing]) -> None:
        """Show rows that were hidden by hand."""
        number = hiding.show(rows, timezone.now())
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


admin.site.register((Film, Category, Term), ListingAdmin)
