"""Upstream documents: those that rows were made from, and those in quarantine."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.admin.reading import ReadOnly
from aggregator.models import Rejection, SourceDocument


@admin.register(SourceDocument)
class SourceDocumentAdmin(ReadOnly):
    """Documents as received, without secrets. For staff only: they hold what may not be published."""

    list_display = ("provider", "kind", "key", "scope", "fetched_at", "last_seen_at", "gone_at")
    list_display_links = ("key",)
    list_filter = ("provider", "kind", ("gone_at", admin.EmptyFieldListFilter))
    search_fields = ("key",)
    exclude = ("body",)
    readonly_fields = ("content",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)

    class Media:
        css = {"all": ("css/operator.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the bodies, which a list does not show."""
        return super().get_queryset(request).defer("body")

    @admin.display(description=gettext_lazy("Content"))
    def content(self, document: SourceDocument) -> str:
        """The body for reading."""
        from aggregator.ingest import evidence  # the admin is loaded by every process, ingest need not be

        return format_html('<pre class="upstream">{}</pre>', evidence.printed(document))


@admin.register(Rejection)
class RejectionAdmin(ReadOnly):
    """Documents in quarantine; the body stays out of the page."""

    list_display = (
        *("retry", "key", "provider", "kind", "reason", "path", "attempts", "first_seen_at", "last_seen_at"),
    )
    list_display_links = ("key",)
    list_filter = ("provider", "reason", "kind", ("first_seen_at", admin.DateFieldListFilter))
    search_fields = ("key", "path", "message")
    exclude = ("body",)
    actions = ("replay",)
    ordering = ("-last_seen_at", "-id")
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/aggregator/rejection.html"

    class Media:
        css = {"all": ("css/operator.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the bodies."""
        return super().get_queryset(request).defer("body")

    def get_urls(self) -> list[URLPattern]:
        """The tables' addresses and that of the button."""
        view = self.admin_site.admin_view(self.retry_view)
        return [
            path("<int:pk>/retry/", view, name="aggregator_rejection_retry"),
            *super().get_urls(),
        ]

    def get_list_display(self, request: HttpRequest) -> Any:
        """No buttons for whoever may only look."""
        shown = super().get_list_display(request)
        return shown if self.has_operate_permission(request) else [name for name in shown if name != "retry"]

    @admin.display(description="")
    def retry(self, row: Rejection) -> str:
        """A button in the list's own form, which brings the token along."""
        address = reverse("admin:aggregator_rejection_retry", args=(row.pk,))
        return format_html(
            '<button class="button" formaction="{}" aria-label="{}">{}</button>',
            address,
            _("Retry %(document)s") % {"document": f"{row.provider} {row.kind} {row.key}"},
            _("Retry"),
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the button for whoever may press it."""
        context["may_operate"] = self.has_operate_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try one document again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self.require_operator(request)
        row = get_object_or_404(Rejection.objects.defer("body"), pk=pk)
        self._replay(request, [row.pk])
        return HttpResponseRedirect(reverse("admin:aggregator_rejection_changelist"))

    @admin.action(description="Try the chosen documents again", permissions=["operate"])
    def replay(self, request: HttpRequest, rows: QuerySet[Rejection]) -> None:
        """Map and store the chosen documents again from the store; success clears them."""
        self._replay(request, list(rows.values_list("pk", flat=True)))

    def _replay(self, request: HttpRequest, ids: list[int]) -> None:
        from aggregator.ingest.replay import replay_ids

        tried, through = replay_ids(ids)
        text = _("%(through)d of %(tried)d documents went through.") % {"through": through, "tried": tried}
        if tried < len(ids):
            text += " " + _("The others have no readable id, or their provider is being read at this moment.")
        self.message_user(request, text, messages.SUCCESS if through else messages.WARNING)
