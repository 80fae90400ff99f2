"""What pages say of themselves in the words of schema.org, for machines that read pages.

Each function returns plain values ready for JSON. Nothing here asks the database: what is said stands on the page too,
or hangs on rows that were loaded for it.
"""

from aggregator.web.structured.events import events
from aggregator.web.structured.things import festival, film, organisation, person, section, venue
from aggregator.web.structured.writing import element

__all__ = ["element", "events", "festival", "film", "organisation", "person", "section", "venue"]
