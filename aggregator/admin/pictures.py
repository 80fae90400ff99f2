"""Pictures: what each looks like here, which could not be had and why, and trying one again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aggregator.admin.listings import ListingAdmin
from aggregator.images import address, faults, leads
from aggregator.models import Image, Listing
from aggregator.models.image import OWNERS


class FailedFilter(admin.SimpleListFilter):
    """Pictures that could not be had when they were last asked for."""

    title = _("failure")
    parameter_name = "failed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All failed ones, and those with nothing to show at all."""
        return [("yes", _("failed")), ("bare", _("failed, nothing to show")), ("no", _("fine"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """The rows of the chosen kind."""
        if self.value() == "no":
            return queryset.filter(failure="")
        if self.value() == "bare":
            return queryset.exclude(failure="").filter(content_hash="")
        return queryset.exclude(failure="") if self.value() == "yes" else queryset


@admin.register(Image)
class PictureAdmin(ListingAdmin):
    """Pictures with what became of them."""

    list_display = (
        "thumbnail",
        "belongs_to",
        "role",
        "provider",
        "what_failed",
        "attempts",
        "fetched_at",
        "due_at",
    )
    list_display_links = ("thumbnail", "belongs_to")
    list_filter = (FailedFilter, "role", *ListingAdmin.list_filter)
    list_select_related = OWNERS
    search_fields = ("external_id", "url")
    actions = ("hide", "unhide", "fetch_now")

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> str:
        """The picture as visitors get it, or its placeholder."""
        return format_html('<img src="{}" width="75" height="75" alt="">', address(image, "square-75"))

    @admin.display(description=_("of"))
    def belongs_to(self, image: Image) -> str:
        """Kind and name of the row that the picture belongs to."""
        return f"{image.owner._meta.verbose_name}: {image.owner}"

    @admin.display(description=_("failure"), ordering="failure")
    def what_failed(self, image: Image) -> str:
        """What went wrong, in words."""
        return faults.sentence(image.failure)

    @admin.action(description=_("Fetch the chosen pictures now"), permissions=["operate"])
    def fetch_now(self, request: HttpRequest, rows: QuerySet[Image]) -> None:
        """Have pictures fetched at the next tick, whatever went wrong before."""
        number = rows.filter(withdrawn_at=None).update(due_at=timezone.now(), attempts=0)
        self._say(request, ngettext("%d picture is due.", "%d pictures are due.", number) % number)

    def hide(self, request: HttpRequest, rows: QuerySet[Listing]) -> None:
        """Hide pictures; the next best one stands for the row."""
        images = list(Image.objects.filter(pk__in=rows.values("pk")))
        super().hide(request, rows)
        _point(images)

    def unhide(self, request: HttpRequest, rows: QuerySet[Listing]) -> None:
        """Show pictures again; the best one stands for the row."""
        images = list(Image.objects.filter(pk__in=rows.values("pk")))
        super().unhide(request, rows)
        _point(images)

    hide.short_description = ListingAdmin.hide.short_description  # type: ignore[attr-defined]
    hide.allowed_permissions = ["operate"]  # type: ignore[attr-defined]
    unhide.short_description = ListingAdmin.unhide.short_description  # type: ignore[attr-defined]
    unhide.allowed_permissions = ["operate"]  # type: ignore[attr-defined]


def _point(images: list[Image]) -> None:
    for image in images:
        leads.point_owner(image)
