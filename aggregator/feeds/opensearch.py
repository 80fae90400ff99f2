"""The OpenSearch description, with which a browser offers our search in its own."""

from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from aggregator import languages
from aggregator.addresses import absolute

_SPACE = "http://a9.com/-/spec/opensearch/1.1/"


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """How to search here, in the language of the address."""
    response = HttpResponse(content_type="application/opensearchdescription+xml; charset=utf-8")
    search = absolute(languages.in_language(_search_path(), languages.current()))
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("OpenSearchDescription", AttributesImpl({"xmlns": _SPACE}))
    xml.addQuickElement("ShortName", "Marquee")
    xml.addQuickElement("Description", _("Search what is on"))
    xml.addQuickElement("InputEncoding", "UTF-8")
    xml.addQuickElement("Image", absolute("/static/favicon.svg"), {"type": "image/svg+xml"})
    xml.addQuickElement("Url", "", {"type": "text/html", "template": f"{search}?q={{searchTerms}}"})
    xml.endElement("OpenSearchDescription")
    return response


def _search_path() -> str:
    """The search over everything, or the programme's own."""
    try:
        return reverse("web:search")
    except NoReverseMatch:
        return reverse("web:events")
