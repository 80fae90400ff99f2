"""Names of countries and languages for visitors, in the page's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

_COUNTRIES: Mapping[str, Any] = {
    "AT": _("Austria"),
    "BE": _("Belgium"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "IS": _("Iceland"),
    "IT": _("Italy"),
    "LT": _("Lithuania"),
    "LU": _("Luxembourg"),
    "LV": _("Latvia"),
    "MC": _("Monaco"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "SE": _("Sweden"),
    "US": _("United States"),
}


def country_name(code: str) -> str:
    """The country with this ISO 3166-1 code in words; the code itself for one that our providers hardly bring."""
    return str(_COUNTRIES.get(code.upper(), code))


def language_name(code: str) -> str:
    """The language with this ISO 639-1 code in words; the code itself for one that Django has no name of."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code
