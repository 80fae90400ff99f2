"""The page and the mail about an error of ours: where it happened, and nothing of whom it happened to.

Django hides values by the names they have, and only without ``DEBUG``. What is on its way to a festival or from a form
has any name: a body with a client's secret, an address with a token, a card's number. So no value of any frame is
told, and of a request the names alone.
"""

from typing import Any
from urllib.parse import urlsplit

from django.views.debug import ExceptionReporter

_HIDDEN = "********************"
_TELLING = ("QUERY_STRING", "HTTP_REFERER", "REQUEST_URI", "RAW_URI")


class Reporter(ExceptionReporter):
    """Django's report without values."""

    def get_traceback_frames(self) -> list[dict[str, Any]]:
        """The frames, with their lines of source, which hold no secrets."""
        return [{**frame, "vars": []} for frame in super().get_traceback_frames()]

    def get_traceback_data(self) -> dict[str, Any]:
        """What the templates are given."""
        data: dict[str, Any] = super().get_traceback_data()
        for name in ("request_GET_items", "filtered_POST_items"):
            data[name] = [(key, _HIDDEN) for key, _ in data.get(name) or ()]
        data["request_meta"] = {
            name: _HIDDEN if name in _TELLING else value for name, value in data["request_meta"].items()
        }
        data["settings"] = {}  # the address of a broker or cache has a password in it
        if "request_insecure_uri" in data:
            data["request_insecure_uri"] = urlsplit(data["request_insecure_uri"])._replace(query="").geturl()
        return data
