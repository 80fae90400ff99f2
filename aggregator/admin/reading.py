"""What the operator's tables have in common: they are looked at, not written in."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest

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

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Whoever may change rows of this kind may press its buttons, though no form offers to change them."""
        return super().has_change_permission(request)

    def require_operator(self, request: HttpRequest) -> None:
        """Raise ``PermissionDenied`` for whoever may not press this table's buttons."""
        if not self.has_operate_permission(request):
            raise PermissionDenied

    def require_reader(self, request: HttpRequest) -> None:
        """Raise ``PermissionDenied`` for whoever may not look at this table."""
        if not self.has_view_permission(request):
            raise PermissionDenied
