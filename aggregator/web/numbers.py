"""Numbers as the visitor's language writes them."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext


def grouped(number: int) -> str:
    """A count with its thousands apart."""
    return str(number_format(number, force_grouping=True))


def amount(value: Decimal, places: int = 2) -> str:
    """An amount with *places* behind its point, or none where these are all zero."""
    shown = 0 if value == value.to_integral_value() else places
    return str(number_format(value, decimal_pos=shown, force_grouping=True))


def showings(number: int) -> str:
    """So many showings, in words."""
    return ngettext("%(number)s showing", "%(number)s showings", number) % {"number": grouped(number)}


def more_showings(number: int, *, within: bool = False) -> str:
    """More than so many showings, in words; *within* a sentence or as one."""
    said = (
        ngettext("more than %(number)s showing", "more than %(number)s showings", number)
        if within
        else ngettext("More than %(number)s showing", "More than %(number)s showings", number)
    )
    return said % {"number": grouped(number)}
