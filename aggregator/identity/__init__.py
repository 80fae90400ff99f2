"""Cross-provider identity: which rows speak of one film, event, venue or person. Links, never merges.

``names``, ``subjects``, ``keys`` and ``judging`` are pure and decide; ``gathering`` reads rows; ``linking`` keeps
the links up to date behind ingest; ``reading`` answers pages.
"""

from aggregator.identity.reading import credited, elsewhere, works_of

__all__ = ["credited", "elsewhere", "works_of"]
