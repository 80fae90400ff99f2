"""What an owner may choose of an endpoint."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aggregator.changes import PLURALS
from aggregator.deliveries.endpoints import LONGEST_URL, BadAddress, checked_address
from aggregator.models import Endpoint
from aggregator.vocabulary import ChangeAction, Kind

KINDS: Mapping[str, Any] = {
    PLURALS[Kind.EVENT]: _("Events"),
    PLURALS[Kind.SHOWING]: _("Showings"),
    PLURALS[Kind.FILM]: _("Films"),
    PLURALS[Kind.PERSON]: _("People"),
    PLURALS[Kind.VENUE]: _("Venues"),
    PLURALS[Kind.FESTIVAL]: _("Festivals"),
    PLURALS[Kind.SECTION]: _("Sections"),
    PLURALS[Kind.ORGANISATION]: _("Organisations"),
    PLURALS[Kind.CATEGORY]: _("Categories"),
}
ACTIONS: Mapping[str, Any] = {
    ChangeAction.CREATED: _("Created"),
    ChangeAction.UPDATED: _("Updated"),
    ChangeAction.SEATS: _("Seats"),
    ChangeAction.WITHDRAWN: _("Withdrawn"),
    ChangeAction.HIDDEN: _("Hidden"),
    ChangeAction.FORGOTTEN: _("Forgotten"),
    ChangeAction.RESTORED: _("Shown again"),
}


def _providers() -> Sequence[tuple[str, str]]:
    return [(slug, entry.provider.name) for slug, entry in settings.PROVIDERS.items()]


def _several(label: Any, choices: Any) -> Any:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget)


class EndpointForm(forms.Form):
    """An address and filters; a filter without a tick lets everything through."""

    url = forms.CharField(label=_("Address"), max_length=LONGEST_URL)
    kinds = _several(_("Kinds"), list(KINDS.items()))
    actions = _several(_("What happened"), [(str(action), label) for action, label in ACTIONS.items()])
    providers = _several(_("Providers"), _providers)

    def clean_url(self) -> str:
        """An address that may be sent to."""
        try:
            return checked_address(str(self.cleaned_data["url"]))
        except BadAddress as error:
            raise forms.ValidationError(str(error)) from None

    @property
    def filters(self) -> Mapping[str, Sequence[str]]:
        """The chosen filters as ``endpoints`` takes them."""
        return {name: self.cleaned_data[name] for name in ("kinds", "providers", "actions")}

    @property
    def choices(self) -> Sequence[Any]:
        """The fields that are lists of boxes."""
        return [self[name] for name in ("kinds", "actions", "providers")]


def form_of(endpoint: Endpoint) -> EndpointForm:
    """A form that holds what *endpoint* is."""
    names = ("url", "kinds", "actions", "providers")
    return EndpointForm(initial={name: getattr(endpoint, name) for name in names})
