"""The feed of changes: what happened to which object, in an order that a mirror can follow without missing any.

Writers record a change in the transaction that makes it (``record``); readers follow it by cursor (``feed``). Ids are
kept, never bodies. A change means that the object's own fields, or whether the lists show it, may have changed; what
an object repeats of others (a showing's venue, an event's film) is the others' to report.
"""

from aggregator.changes.recording import PLURALS, record, record_rows, visible
from aggregator.locks import alone, beside_others

__all__ = ["PLURALS", "alone", "beside_others", "record", "record_rows", "visible"]
