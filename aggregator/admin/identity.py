"""Links between rows: those that a person should look at first, and every decision to be taken back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext

from aggregator.admin.reading import ReadOnly
from aggregator.models import Event, Film, IdentityLink, Person, Venue
from aggregator.vocabulary import LinkState

_MODELS: dict[str, Any] = {"film": Film, "event": Event, "venue": Venue, "person": Person}


class StateFilter(admin.SimpleListFilter):
    """Shows what awaits a person unless asked for something else."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state, and all of them together."""
        return [
            ("all", gettext_lazy("All")),
            (LinkState.LINKED, gettext_lazy("Linked by the rules")),
            (LinkState.SAME, gettext_lazy("Decided: the same")),
            (LinkState.DIFFERENT, gettext_lazy("Decided: different")),
        ]

    def choices(self, changelist: Any) -> Any:
        """As Django's, with the review list in the place of «All»."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice | ({"display": gettext_lazy("To be reviewed")} if number == 0 else {})

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Candidates by default."""
        state = self.value() or LinkState.CANDIDATE
        return queryset if state == "all" else queryset.filter(state=state)


@admin.register(IdentityLink)
class IdentityLinkAdmin(ReadOnly):
    """Pairs of rows that may be one. What is decided here survives every ingest."""

    list_display = ("pair", "kinds", "left_row", "right_row", "score", "reason", "state", "decided_by")
    list_display_links = ("pair",)
    list_filter = (StateFilter, "left_kind", "right_kind", "left_provider", "right_provider")
    search_fields = ("left_label", "right_label", "left_external_id", "right_external_id")
    actions = ("same", "different", "take_back")
    ordering = ("-score", "id")
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description=gettext_lazy("Pair"))
    def pair(self, link: IdentityLink) -> str:
        """What the two ends are called."""
        return f"{link.left_label or link.left_external_id} = {link.right_label or link.right_external_id}"

    @admin.display(description=gettext_lazy("Kinds"))
    def kinds(self, link: IdentityLink) -> str:
        """The kinds of the two ends."""
        return f"{link.left_kind}, {link.right_kind}"

    @admin.display(description=gettext_lazy("One"))
    def left_row(self, link: IdentityLink) -> str:
        """The left end, with the way to its row."""
        return _row(link.left_kind, link.left_provider, link.left_external_id)

    @admin.display(description=gettext_lazy("Other"))
    def right_row(self, link: IdentityLink) -> str:
        """The right end, with the way to its row."""
        return _row(link.right_kind, link.right_provider, link.right_external_id)

    @admin.action(description=gettext_lazy("They are the same"), permissions=["operate"])
    def same(self, request: HttpRequest, links: QuerySet[IdentityLink]) -> None:
        """Keep the chosen links."""
        self._decide(request, links, same=True)

    @admin.action(description=gettext_lazy("They are different"), permissions=["operate"])
    def different(self, request: HttpRequest, links: QuerySet[IdentityLink]) -> None:
        """Refuse the chosen links."""
        self._decide(request, links, same=False)

    @admin.action(description=gettext_lazy("Take the decision back"), permissions=["operate"])
    def take_back(self, request: HttpRequest, links: QuerySet[IdentityLink]) -> None:
        """Leave the chosen links to the rules again."""
        from aggregator.identity import deciding  # the admin is loaded by every process, identity need not be

        self._say(request, deciding.take_back(links))

    def _decide(self, request: HttpRequest, links: QuerySet[IdentityLink], same: bool) -> None:
        from aggregator.identity import deciding

        self._say(request, deciding.decide(links, same, request.user.get_username(), timezone.now()))

    def _say(self, request: HttpRequest, number: int) -> None:
        text = ngettext("%d decision is kept.", "%d decisions are kept.", number) % number
        self.message_user(request, text, messages.SUCCESS)


def _row(kind: str, provider: str, external_id: str) -> str:
    """Provider and external id; a credit is no row and leads nowhere."""
    said = f"{provider} {external_id}"
    if kind not in _MODELS:
        return said
    path = reverse(f"admin:aggregator_{kind}_changelist")
    return format_html('<a href="{}?q={}">{}</a>', path, external_id, said)
