"""The operator's tables: sources and runs, quarantine, upstream documents, pictures, and hiding a row by hand.

Listing rows are neither added nor deleted here: they belong to ingest, and their ids are never given twice. Nothing
is decided here either: what a button does is one function of ``aggregator.ingest``.
"""

from django.contrib import admin

from aggregator.admin import documents, identity, listings, pictures, sources

__all__ = ["documents", "identity", "listings", "pictures", "sources"]

admin.site.site_header = admin.site.site_title = "Marquee"
