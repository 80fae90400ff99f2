"""Pictures: fetched by workers, drawn anew in a closed list of sizes, served by us and by nobody else.

``presets`` and ``geometry`` are pure. ``fetch`` knows HTTP, ``reading`` hostile bytes, ``render`` pixels, ``shelf``
files, and ``work`` drives them. ``serve`` answers requests, ``leads`` says which picture stands for a row. Pages,
feeds and the API need what is here and the template tags of ``pictures``.
"""

from aggregator.images.naming import COLUMNS, address, addresses, columns

__all__ = ["COLUMNS", "address", "addresses", "columns"]
