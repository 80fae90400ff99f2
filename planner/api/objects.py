"""What ``/api/v1/me/`` tells and takes, as tables: the fields of its objects, and an example of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.api.fields import (
    ID,
    INTEGER,
    MAYBE_LINK,
    MAYBE_MOMENT,
    MAYBE_TEXT,
    TEXT,
    TEXTS,
    TRUTH,
    Field,
    Json,
    Schema,
    example_of,
    maybe,
    object_schema,
    reference,
    several,
    word_of,
)
from planner.clashes import Kind
from planner.situation import Standing
from planner.vocabulary import Intent, LinkState, Obstacle, ShowingState, Side, TicketMark

_MAYBE_ID: Schema = {"type": ["integer", "null"], "format": "int64"}
_COPY = (
    Field("showing", _MAYBE_ID, "Our id of the showing; null where it is not here any more.", 4711),
    Field("showing_url", MAYBE_LINK, "It in the API.", "https://events.example/api/v1/showings/4711/"),
    Field("provider", TEXT, "Who published it.", "lantern"),
    Field("external_id", TEXT, "The provider's own id.", "17042"),
    Field("titles", TEXTS, "Its titles per language, as the plan keeps them.", {"sv": "Nattlinjen"}),
    Field("starts_at", MAYBE_MOMENT, "When it begins.", "2026-11-22T18:00:00+01:00"),
    Field("ends_at", MAYBE_MOMENT, "When it ends.", "2026-11-22T19:52:00+01:00"),
    Field("timezone", TEXT, "The zone of both.", "Europe/Stockholm"),
    Field("venue", TEXT, "Where.", "Skandia"),
)
_CLASH = (
    Field("showing", _MAYBE_ID, "The other showing.", 4712),
    Field("kind", word_of(Kind), "`overlap`: both at once; `way`: no time to get there.", "way"),
    Field("minutes", INTEGER, "How many minutes they overlap or lack.", 10),
)
_QUESTION = (
    Field("here", word_of(Side), "What stands here.", "plain"),
    Field("there", word_of(Side), "What stands at the festival.", "absent"),
)
_ENTRY = (
    *_COPY,
    Field("intent", word_of(Intent), "How much the person wants to be there.", "must"),
    Field("ticket", word_of(TicketMark), "What is said of a ticket.", "needed"),
    Field("obstacle", word_of(Obstacle), "What stands in the way most.", "none"),
    Field("obstacles", several(word_of(Obstacle)), "All that stands in the way.", []),
    Field(
        "clashes", several(object_schema(_CLASH, "A clash.")), "With what else of the plan it clashes.", []
    ),
    Field("state", word_of(ShowingState), "What became of the showing.", "scheduled"),
    Field("sync", word_of(Standing), "How it stands with the festival's own plan.", "in_step"),
    Field("problem", MAYBE_TEXT, "Why the last edit did not reach the festival, as a code.", None),
    Field(
        "question",
        maybe(object_schema(_QUESTION, "Both sides were changed.")),
        "What has to be answered, with `answer`, before both sides agree.",
        None,
    ),
    Field("edited_at", MAYBE_MOMENT, "When it was last edited.", "2026-11-20T08:15:00Z"),
)
_TICKET = (
    *_COPY,
    Field("card", TEXT, "The last digits of the card that it is on.", "0042"),
    Field("in_plan", TRUTH, "Whether the plan has the showing.", True),
    Field("seen_at", MAYBE_MOMENT, "When it was last read.", "2026-11-22T15:00:00Z"),
)
_CARD = (
    Field("id", ID, "Our id.", 3),
    Field("ends_in", TEXT, "Its last digits; nobody is told the rest.", "0042"),
    Field("own", TRUTH, "Whether it is the linked account's own, not one that was typed in.", True),
    Field("kinds", TEXTS, "What it is, per language.", {"en": "Membership"}),
    Field("valid_from", MAYBE_MOMENT, "From when it is valid.", None),
    Field("valid_until", MAYBE_MOMENT, "Until when.", None),
    Field("read_at", MAYBE_MOMENT, "When its tickets were last read.", "2026-11-22T15:00:00Z"),
    Field("problem", MAYBE_TEXT, "Why they could not be read, as a code.", None),
)
_LINK = (
    Field("linked", TRUTH, "Whether the account is linked to the festival's.", True),
    Field("possible", TRUTH, "Whether this site can link at all.", True),
    Field("state", word_of(LinkState), "`relink`: the person has to approve anew.", "linked"),
    Field("linked_at", MAYBE_MOMENT, "When it was linked.", "2026-11-20T08:15:00Z"),
    Field("read_at", MAYBE_MOMENT, "When the festival's plan was last read.", "2026-11-22T15:00:00Z"),
    Field("next_at", MAYBE_MOMENT, "When it will be read next.", "2026-11-22T15:10:00Z"),
    Field("problem", MAYBE_TEXT, "Why it could not be read, as a code.", None),
)
_ADDED = (
    Field("showing", {**ID, "minimum": 1}, "Our id of the showing.", 4711),
    Field("intent", maybe(word_of(Intent)), "How much; `want` unless said.", "must"),
)
_EDIT = (
    Field("intent", maybe(word_of(Intent)), "How much.", "going"),
    Field("ticket", maybe(word_of(TicketMark)), "A mark on the ticket.", "held"),
    Field(
        "answer",
        {"type": ["string", "null"], "enum": ["keep", "take", None]},
        "To `question`: keep what stands here, or take what stands at the festival.",
        None,
    ),
)
_NUMBER = (Field("number", {**TEXT, "maxLength": 100}, "The number on the card.", "1234 5678 9012 0042"),)


def _page_of(name: str) -> Json:
    fields = (
        Field("count", INTEGER, "How many there are.", 1),
        Field("next", {"type": "null"}, "There are no pages.", None),
        Field("previous", {"type": "null"}, "There are no pages.", None),
        Field("results", several(reference(name)), "All of them.", []),
    )
    return object_schema(fields, "All there are.", ("count", "results"))


def _object(fields: Sequence[Field], about: str) -> Json:
    return object_schema(fields, about, [field.name for field in fields])


def _taken(fields: Sequence[Field], about: str, required: Sequence[str] = ()) -> Json:
    """What a body may hold: a field that nobody knows is refused."""
    return {**object_schema(fields, about, required), "additionalProperties": False}


SCHEMAS: Mapping[str, Json] = {
    "PlanEntry": _object(_ENTRY, "A showing in a person's plan, with a copy of its title, time and place."),
    "PlanEntryPage": _page_of("PlanEntry"),
    "PlanTicket": _object(_TICKET, "A ticket that was found on a card."),
    "PlanTicketPage": _page_of("PlanTicket"),
    "PlanCard": _object(_CARD, "A membership card, by its last digits."),
    "PlanCardPage": _page_of("PlanCard"),
    "PlanLink": object_schema(_LINK, "How it stands with the festival's account.", ("linked", "possible")),
    "NewPlanEntry": _taken(_ADDED, "What is added to the plan.", ("showing",)),
    "PlanEntryEdit": _taken(_EDIT, "What is changed; what is left out or null stays."),
    "NewPlanCard": _taken(_NUMBER, "A card that is typed in.", ("number",)),
}
EXAMPLES: Mapping[str, Any] = {
    "PlanEntry": example_of(_ENTRY),
    "PlanTicket": example_of(_TICKET),
    "PlanCard": example_of(_CARD),
    "PlanLink": example_of(_LINK),
    "NewPlanEntry": example_of(_ADDED),
    "PlanEntryEdit": {"ticket": "held"},
    "NewPlanCard": example_of(_NUMBER),
    **{
        f"{name}Page": {"count": 1, "next": None, "previous": None, "results": [example_of(fields)]}
        for name, fields in (("PlanEntry", _ENTRY), ("PlanTicket", _TICKET), ("PlanCard", _CARD))
    },
}
