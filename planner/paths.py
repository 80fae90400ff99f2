"""Ids in addresses: no longer than the column of an id, so that a number beyond it is an address that is not there."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class RowId(IntConverter):
    """An id of one of our rows."""

    regex = "[0-9]{1,18}"


register_converter(RowId, "row")
