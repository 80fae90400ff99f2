"""Names of fields in the festival's answers about a person's plan, tickets and cards: one table, all guesses in it.

Contract, sections 8.1, 11 and 12; only what the planner reads.
"""

from typing import Final

EVENT_ID: Final = "eventId"
EVENT_NAMES: Final = {"sv": "eventName_sv", "en": "eventName_en"}
EVENT_START: Final = "eventTimestamp"
FILM_ID: Final = "filmId"
PARTY_ID: Final = "partyId"
VENUE_ID: Final = "venueId"
VENUE_NAME: Final = "venueName"
# From here on: sections 11 and 12. The first is known, all others are INFERRED.
HAVE_TICKET: Final = "myfestivalHaveTicket"
STATUS: Final = "status"
TICKET_ID: Final = "ticketId"
TICKET_CARD: Final = "cardNumber"
CARD_NUMBER: Final = "cardNumber"
CARD_KINDS: Final = {"sv": "cardType_sv", "en": "cardType_en"}
CARD_BEGIN: Final = "cardBegin"
CARD_END: Final = "cardEnd"
CARD_REGISTERED: Final = "cardRegisteredTimestamp"
#: Form fields of the altering functions (SEED).
FORM_EVENT: Final = "event_id"
FORM_TOKEN: Final = "token"  # noqa: S105  (a name)
FORM_HAVE_TICKET: Final = "have_ticket"
