"""The tables, one module per noun. Rules about them live elsewhere: nothing happens in ``save()`` or in signals."""

from aggregator.models.category import Category, Term
from aggregator.models.change import Change, Feed, SeatsTold
from aggregator.models.credit import Credit
from aggregator.models.document import Provenance, Rejection, SourceDocument
from aggregator.models.event import Event, Offer
from aggregator.models.festival import Festival, Section, Selection
from aggregator.models.film import Film
from aggregator.models.forgetting import Suppression, Tombstone
from aggregator.models.hook import HookDelivery, RequestWindow
from aggregator.models.identity import IdentityKey, IdentityLink, IdentityMark
from aggregator.models.image import Image, Rendition
from aggregator.models.key import ApiKey, KeyUsage
from aggregator.models.listing import Listing
from aggregator.models.notice import Notice
from aggregator.models.organisation import Organisation
from aggregator.models.person import Person
from aggregator.models.search import (
    SearchBacklog,
    SearchEntry,
    SearchPeopleText,
    SearchText,
    SearchWord,
)
from aggregator.models.showing import Showing
from aggregator.models.source import FeedCursor, IngestRun, Source
from aggregator.models.venue import Venue
from aggregator.models.webhook import Delivery, Endpoint

__all__ = [
    "ApiKey",
    "Category",
    "Change",
    "Credit",
    "Delivery",
    "Endpoint",
    "Event",
    "Feed",
    "FeedCursor",
    "Festival",
    "Film",
    "HookDelivery",
    "IdentityKey",
    "IdentityLink",
    "IdentityMark",
    "Image",
    "IngestRun",
    "KeyUsage",
    "Listing",
    "Notice",
    "Offer",
    "Organisation",
    "Person",
    "Provenance",
    "Rejection",
    "Rendition",
    "RequestWindow",
    "SearchBacklog",
    "SearchEntry",
    "SearchPeopleText",
    "SearchText",
    "SearchWord",
    "SeatsTold",
    "Section",
    "Selection",
    "Showing",
    "Source",
    "SourceDocument",
    "Suppression",
    "Term",
    "Tombstone",
    "Venue",
]
