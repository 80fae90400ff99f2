"""The planner's tables, one module per noun. Rules about them live elsewhere: nothing happens in ``save()``."""

from planner.models.entry import Change, Entry, OutboxRow, Question
from planner.models.link import Link
from planner.models.notice import Notice, Preference
from planner.models.scopes import KeyScopes
from planner.models.ticket import Card, Ticket

__all__ = [
    "Card",
    "Change",
    "Entry",
    "KeyScopes",
    "Link",
    "Notice",
    "OutboxRow",
    "Preference",
    "Question",
    "Ticket",
]
